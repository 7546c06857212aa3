-- R13: each printed figure in a comparable form: metric under one code, scope cut into place, level and unit, window,
-- exact value with its printed decimals, and whether it is a share (`he_so` 100 or 1000: times a fraction).
with tach as (
    select
        s.*,
        {{ so_le_in('s.gia_tri_goc', 's.gia_tri') }} as so_le,
        coalesce({{ dang_chuan('s.don_vi_tinh') }}, '') as don_vi_chuan,
        {{ dang_chuan("split_part(s.pham_vi, '/', 1)") }} as doan_1,
        {{ dang_chuan("split_part(s.pham_vi, '/', 2)") }} as doan_2,
        {{ dang_chuan("split_part(s.pham_vi, '/', 3)") }} as doan_3
    from {{ ref('stg_bao_cao__so_lieu') }} as s
),

pham_vi as (
    select
        t.*,
        case
            when t.pham_vi is null or t.doan_2 = '' then ''
            else t.doan_1
        end as dia_ban,
        case
            when t.pham_vi in ('toan_tinh', 'tinh', 'huyen', 'xa') then t.pham_vi
            when t.doan_2 = '' and t.doan_1 in ('toan tinh', 'ca tinh') then 'toan_tinh'
            when t.doan_2 = '' and t.doan_1 in ('cap tinh', 'cap huyen', 'cap xa') then replace(t.doan_1, 'cap ', '')
            when t.doan_2 = 'toan tinh' then 'toan_tinh'
            when t.doan_2 in ('cap tinh', 'tinh') then 'tinh'
            when t.doan_2 in ('cap huyen', 'huyen') then 'huyen'
            when t.doan_2 in ('cap xa', 'xa') then 'xa'
            else ''
        end as cap,
        case
            when t.pham_vi is null then 'khong ro'
            when t.pham_vi in ('toan_tinh', 'tinh', 'huyen', 'xa') then ''
            when t.doan_2 = '' and t.doan_1 in ('toan tinh', 'ca tinh', 'cap tinh', 'cap huyen', 'cap xa') then ''
            when t.doan_2 = '' then lower(trim(t.pham_vi))
            when t.doan_2 in ('toan tinh', 'cap tinh', 'tinh', 'cap huyen', 'huyen', 'cap xa', 'xa') then t.doan_3
            else concat_ws('', t.doan_2, ' ', t.doan_3)
        end as don_vi
    from tach as t
),

-- The agency of this province that a scope names: by its code, or by a name that means one agency of the level.
don_vi as (
    select
        p.*,
        {{ cung_tinh('p.dia_ban') }} as cua_tinh
    from pham_vi as p
)

select
    p.ma_bao_cao,
    p.ma_so_lieu,
    p.ten_bao_cao,
    p.trich_dan,
    p.chi_tieu as chi_tieu_in,
    coalesce(c.ma_chuan, p.chi_tieu) as chi_tieu,
    c.chi_tieu is not null as co_tu_dien,
    coalesce(g.ten, c.ten, p.chi_tieu) as ten_chi_tieu,
    coalesce(g.nguon_mart, c.nguon_mart) as nguon_mart,
    coalesce(c.tinh_chat, 'ky') as tinh_chat,
    coalesce(c.liet_ke, false) as liet_ke,
    p.tu_ngay_tu as tu_ngay,
    p.den_ngay_den as den_ngay,
    p.pham_vi,
    p.dia_ban,
    p.cap,
    case when d.ten is null then coalesce(n.ma_don_vi, m.ma_don_vi) end as ma_don_vi,
    case when d.ten is not null then '' else coalesce(lower(n.ma_don_vi), p.don_vi) end as don_vi,
    concat_ws(
        '',
        p.dia_ban, '|', p.cap, '|',
        case when d.ten is not null then '' else coalesce(lower(n.ma_don_vi), p.don_vi) end
    ) as pham_vi_khoa,
    cast(p.gia_tri as decimal(20, 6)) as gia_tri,
    cast({{ muoi_mu('p.so_le') }} as bigint) as bac,
    p.don_vi_tinh,
    p.don_vi_chuan,
    case
        when position('%' in p.gia_tri_goc) > 0 then 100
        when p.gia_tri_goc like '%‰%' then 1000
        when position('%' in p.don_vi_tinh) > 0 or p.don_vi_chuan in ('percent', 'phan tram', 'pct', 'ty le phan tram')
            then case
                -- a spreadsheet cell formatted as a percentage arrives as a fraction beside the unit %
                when
                    abs(p.gia_tri) <= 1 and p.so_le >= 2
                    and abs(cast(p.gia_tri as decimal(20, 6)) * cast(p.mau_so as decimal(16, 6)) - p.tu_so)
                    < abs(cast(p.gia_tri as decimal(20, 6)) * cast(p.mau_so as decimal(16, 6)) - 100 * p.tu_so)
                    then 1
                else 100
            end
        when p.don_vi_tinh like '%‰%' or p.don_vi_chuan in ('phan nghin', 'per mille') then 1000
        when p.don_vi_chuan in ('lan', 'ratio', 'phan so') then 1
        -- no unit that says it: a share of the dictionary, or a figure printed with numerator and denominator
        when
            coalesce(g.don_vi_tinh, '') = '%'
            or (p.don_vi_chuan in ('', 'ty le') and p.tu_so is not null and p.mau_so is not null)
            then case when abs(p.gia_tri) <= 1 and p.so_le > 0 then 1 else 100 end
    end as he_so,
    case
        when position('%' in p.gia_tri_goc) > 0 or position('%' in p.don_vi_tinh) > 0 then false
        when c.chi_tieu is not null then c.cong_duoc
        else p.don_vi_chuan not in (
            'percent', 'phan tram', 'ty le', 'lan', 'diem', 'point', 'hang', 'rank', 'bac', 'nam', 'year', 'thang', 'month'
        )
    end as cong_duoc,
    cast(p.tu_so as decimal(20, 6)) as tu_so,
    cast(p.mau_so as decimal(20, 6)) as mau_so,
    p.gia_tri_ngay,
    p.gia_tri_ngay_tu,
    p.gia_tri_ngay_den,
    p.thuoc_tong,
    p._ma_tep as ma_tep,
    p._dong as dong
from don_vi as p
left join {{ ref('chi_tieu') }} as c on lower(trim(p.chi_tieu)) = c.chi_tieu
left join {{ ref('chi_tieu') }} as g on c.ma_chuan = g.chi_tieu
left join (
    select distinct
        ten,
        cap
    from {{ ref('don_vi_dai_dien_cap') }}
) as d on p.don_vi = d.ten and p.cap = d.cap
left join {{ ref('int_tthc__ten_don_vi') }} as n
    on p.cua_tinh and p.don_vi <> '' and {{ ten_don_vi_chuan('p.don_vi') }} = n.ten_chuan and p.cap = n.cap
left join (
    select distinct
        ma_don_vi,
        lower(ma_don_vi) as ma_thuong
    from {{ ref('stg_dvc__co_quan') }}
) as m on p.don_vi = m.ma_thuong
