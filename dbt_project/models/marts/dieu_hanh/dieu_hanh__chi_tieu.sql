-- Targets against what the warehouse counts (R5, and what dossiers are marked with) for each calendar month in which the target holds, cut to the target's days, up to
-- the as-of month, whether dossiers came for it or not. A metric that the warehouse does not count, or a scope it does not know, has no result; shares are fractions on
-- both sides. Shares and states are of the month; what is counted over a period is owed over the whole of the target's, so it adds
-- up from the target's first day and has no verdict before the last, unless it can no longer change. A figure that rests on a month
-- without a file of dossiers is unknown, not less: what is known of a sum decides only where more would change nothing. Ratings and
-- answers to petitions are of whole months, by the tables of their own.
with muc_tieu as (
    select
        m.ma_chi_tieu,
        c.ma_chuan,
        coalesce(g.ten, c.ten, m.ma_chi_tieu) as ten_chi_tieu,
        m.pham_vi,
        m.tu_ngay,
        m.den_ngay,
        m.chieu,
        m.so_van_ban,
        coalesce(g.nguon_mart, c.nguon_mart) in ('tthc.bieu_giai_quyet', 'tthc.ho_so') as kho_dem,
        coalesce(g.nguon_mart, c.nguon_mart) in ('tthc.danh_gia', 'tthc.pakn') as nguon_khac,
        coalesce(g.don_vi_tinh, c.don_vi_tinh) = '%' as la_ty_le,
        coalesce(g.don_vi_tinh, c.don_vi_tinh) <> '%' and coalesce(g.tinh_chat, c.tinh_chat) = 'ky' as cong_don,
        case
            when
                coalesce(g.don_vi_tinh, c.don_vi_tinh) = '%'
                and (m.gia_tri > 1 or position('%' in m.gia_tri_goc) > 0)
                then cast(m.gia_tri as double) / 100
            else cast(m.gia_tri as double)
        end as gia_tri
    from {{ ref('stg_chi_dao__muc_tieu') }} as m
    left join {{ ref('chi_tieu') }} as c on lower(trim(m.ma_chi_tieu)) = c.chi_tieu
    left join {{ ref('chi_tieu') }} as g on c.ma_chuan = g.chi_tieu
),

thang as (
    select
        {{ ky_thang('l.ngay') }} as ky,
        l.ngay as tu_ngay,
        {{ cuoi_thang('l.ngay') }} as den_ngay
    from {{ ref('lich') }} as l
    cross join {{ source('so_cai', 'tham_so') }} as p
    where extract(day from l.ngay) = 1 and l.ngay <= p.ngay_so_lieu
),

ky as (
    select
        m.ma_chi_tieu,
        m.pham_vi,
        m.tu_ngay,
        k.ky,
        case when m.cong_don then m.tu_ngay else greatest(m.tu_ngay, k.tu_ngay) end as dau_ky,
        least(m.den_ngay, k.den_ngay) as cuoi_ky
    from muc_tieu as m
    inner join thang as k on m.tu_ngay <= k.den_ngay and m.den_ngay >= k.tu_ngay
),

ky_can as (
    select distinct
        y.dau_ky,
        y.cuoi_ky
    from ky as y
    inner join muc_tieu as m on y.ma_chi_tieu = m.ma_chi_tieu and y.pham_vi = m.pham_vi and y.tu_ngay = m.tu_ngay
    where m.kho_dem
),

dem as (
    select
        w.dau_ky,
        w.cuoi_ky,
        h.ma_don_vi,
        h.cap,
        {{ dem_giai_quyet('w.dau_ky', 'w.cuoi_ky') }},
        {{ dem_chi_tieu_ho_so('w.dau_ky', 'w.cuoi_ky') }}
    from ky_can as w
    inner join {{ ref('int_tthc__ho_so_ket_qua') }} as h on ({{ thuoc_ky('w.dau_ky', 'w.cuoi_ky') }})
    group by w.dau_ky, w.cuoi_ky, h.ma_don_vi, h.cap
),

-- Marks that the exports of a window carry at all, in the whole province.
co_ghi as (
    select
        d.dau_ky,
        d.cuoi_ky,
        {% for c in chi_tieu_ho_so() %}sum(d.biet_{{ c.ma }}) as biet_{{ c.ma }}{{ ', ' if not loop.last }}{% endfor %}
    from dem as d
    group by d.dau_ky, d.cuoi_ky
),

theo_pham_vi as (
    select
        m.ma_chi_tieu,
        m.pham_vi,
        m.tu_ngay,
        y.ky,
        {% for c in cot_giai_quyet() + cot_chi_tieu_ho_so() %}coalesce(sum(d.{{ c }}), 0) as {{ c }}, {% endfor %}
        count(d.cuoi_ky) as so_dong
    from muc_tieu as m
    inner join ky as y on m.ma_chi_tieu = y.ma_chi_tieu and m.pham_vi = y.pham_vi and m.tu_ngay = y.tu_ngay
    left join dem as d
        on
            y.dau_ky = d.dau_ky
            and y.cuoi_ky = d.cuoi_ky
            and (m.pham_vi = 'toan_tinh' or m.pham_vi = d.cap or lower(m.pham_vi) = lower(d.ma_don_vi))
    group by m.ma_chi_tieu, m.pham_vi, m.tu_ngay, y.ky
),

-- Months from the figure's first to its last, and those of them for which dossiers came.
thang_co_tep as (
    select
        y.ma_chi_tieu,
        y.pham_vi,
        y.tu_ngay,
        y.ky,
        count(n.ky) as so_thang
    from ky as y
    inner join {{ ref('int_nguon__ky') }} as n
        on n.nguon_du_lieu = 'dvc/ho_so' and {{ ky_thang('y.dau_ky') }} <= n.ky and y.ky >= n.ky
    group by y.ma_chi_tieu, y.pham_vi, y.tu_ngay, y.ky
),

cap_don_vi as (
    select
        v.ma_don_vi,
        v.cap
    from {{ ref('tthc__don_vi') }} as v
    where v.moi_nhat
),

dem_khac as (
    select
        'satisfaction_tthc_rate' as ma_chuan,
        d.ky,
        d.ma_don_vi,
        d.hai_long as tu_so,
        d.hai_long + d.binh_thuong + d.khong_hai_long as mau_so
    from {{ ref('tthc__danh_gia') }} as d
    union all
    select
        'satisfaction_feedback_rate' as ma_chuan,
        p.ky,
        p.ma_don_vi,
        p.hai_long as tu_so,
        p.co_danh_gia as mau_so
    from {{ ref('tthc__pakn') }} as p
),

khac as (
    select
        m.ma_chi_tieu,
        m.pham_vi,
        m.tu_ngay,
        d.ky,
        {{ ty_le('sum(d.tu_so)', 'sum(d.mau_so)') }} as thuc_hien
    from muc_tieu as m
    inner join dem_khac as d on m.ma_chuan = d.ma_chuan
    left join cap_don_vi as v on d.ma_don_vi = v.ma_don_vi
    where m.nguon_khac and (m.pham_vi = 'toan_tinh' or m.pham_vi = v.cap or lower(m.pham_vi) = lower(d.ma_don_vi))
    group by m.ma_chi_tieu, m.pham_vi, m.tu_ngay, d.ky
),

ket_qua as (
    select
        m.*,
        y.ky,
        y.cuoi_ky,
        m.nguon_khac or coalesce(t.so_thang, 0) = {{ so_thang('y.dau_ky', 'y.cuoi_ky') }} as du_tep,
        x.thuc_hien as thuc_hien_khac,
        case
            when
                m.kho_dem and (m.pham_vi in ('toan_tinh', 'tinh', 'huyen', 'xa') or u.ma_don_vi is not null)
                then cast(coalesce(
                    {{ so_dem_cua_chi_tieu('m.ma_chuan', 'd') }},
                    case
                        when {{ so_cua_chi_tieu_ho_so('m.ma_chuan', 'b', 'biet') }} > 0
                            then {{ so_cua_chi_tieu_ho_so('m.ma_chuan', 'd', 'tu') }}
                    end
                ) as bigint)
        end as tu_so,
        cast(case
            when not m.kho_dem then null
            when m.pham_vi not in ('toan_tinh', 'tinh', 'huyen', 'xa') and u.ma_don_vi is null then null
            when m.ma_chuan = 'ty_le_truc_tuyen' then d.tiep_nhan - d.ky_truoc
            when m.ma_chuan = 'ty_le_dung_va_truoc_han' then d.da_giai_quyet - d.khong_han
            when {{ so_cua_chi_tieu_ho_so('m.ma_chuan', 'b', 'biet') }} > 0
                then {{ so_cua_chi_tieu_ho_so('m.ma_chuan', 'd', 'mau') }}
        end as bigint) as mau_so
    from muc_tieu as m
    inner join ky as y on m.ma_chi_tieu = y.ma_chi_tieu and m.pham_vi = y.pham_vi and m.tu_ngay = y.tu_ngay
    left join theo_pham_vi as d
        on m.ma_chi_tieu = d.ma_chi_tieu and m.pham_vi = d.pham_vi and m.tu_ngay = d.tu_ngay and y.ky = d.ky
    left join khac as x
        on m.ma_chi_tieu = x.ma_chi_tieu and m.pham_vi = x.pham_vi and m.tu_ngay = x.tu_ngay and y.ky = x.ky
    left join co_ghi as b on y.dau_ky = b.dau_ky and y.cuoi_ky = b.cuoi_ky
    left join thang_co_tep as t
        on m.ma_chi_tieu = t.ma_chi_tieu and m.pham_vi = t.pham_vi and m.tu_ngay = t.tu_ngay and y.ky = t.ky
    left join (
        select distinct lower(ma_don_vi) as ma_don_vi
        from {{ ref('stg_dvc__co_quan') }}
    ) as u on lower(m.pham_vi) = u.ma_don_vi
),

thuc_hien as (
    select
        q.*,
        case
            when q.nguon_khac then q.thuc_hien_khac
            when q.la_ty_le then {{ ty_le('q.tu_so', 'q.mau_so') }}
            else cast(q.tu_so as double)
        end as thuc_hien
    from ket_qua as q
)

select
    k.ma_chi_tieu,
    k.ten_chi_tieu,
    k.pham_vi,
    k.tu_ngay,
    k.den_ngay,
    k.ky,
    k.cuoi_ky <= p.ngay_so_lieu as tron_ky,
    k.chieu,
    {{ nhan_danh_muc('chieu_muc_tieu', 'k.chieu') }} as chieu_ten,
    k.la_ty_le,
    k.gia_tri as muc_tieu,
    case when k.du_tep then k.thuc_hien end as thuc_hien,
    k.ma_chuan,
    case when k.du_tep then k.tu_so end as tu_so,
    case when k.du_tep then k.mau_so end as mau_so,
    case when k.du_tep then k.thuc_hien - k.gia_tri end as chenh_lech,
    case
        when k.cong_don and (k.cuoi_ky < k.den_ngay or k.cuoi_ky > p.ngay_so_lieu or not k.du_tep)
            then case
                when k.chieu = 'it_nhat' and k.thuc_hien >= k.gia_tri then true
                when k.chieu = 'nhieu_nhat' and k.thuc_hien > k.gia_tri then false
            end
        when not k.du_tep then null
        when k.chieu = 'it_nhat' then k.thuc_hien >= k.gia_tri
        when k.chieu = 'nhieu_nhat' then k.thuc_hien <= k.gia_tri
    end as dat,
    k.so_van_ban,
    p.ngay_so_lieu,
    p.phien_ban
from thuc_hien as k
cross join {{ source('so_cai', 'tham_so') }} as p
