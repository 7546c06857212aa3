-- R13, relations declared as data (seed quan_he_bao_cao): sums, balances, shares and two sources, each in one or more
-- readings. Terms are looked up in the report, in the scope and window of the figure tested (`cung_ky`), or in whatever
-- window where the report prints one value only; `cap` adds up the levels, `liet_ke` the lines of a list.
with ket_qua as (
    select distinct
        f.ma_bao_cao,
        f.ma_so_lieu,
        f.pham_vi_khoa,
        f.dia_ban,
        f.don_vi,
        f.den_ngay,
        f.tinh_chat,
        f.gia_tri,
        f.bac,
        f.he_so,
        f.cong_duoc,
        f.tu_so,
        f.mau_so,
        case when f.tinh_chat = 'thoi_diem' and f.tu_ngay is null then g.tu_ngay else f.tu_ngay end as tu_ngay,
        q.ma_quan_he
    from {{ ref('int_doi_soat__so_lieu') }} as f
    inner join (
        select distinct
            ma_quan_he,
            ket_qua
        from {{ ref('quan_he_bao_cao') }}
        where loai <> 'suy_ra'
    ) as q on f.chi_tieu = q.ket_qua
    -- the windows that end on the day of a state without a first day
    left join {{ ref('int_doi_soat__so_lieu') }} as g
        on
            f.tinh_chat = 'thoi_diem'
            and f.tu_ngay is null
            and f.ma_bao_cao = g.ma_bao_cao
            and f.den_ngay = g.den_ngay
            and g.tinh_chat = 'ky'
),

so_hang as (
    select
        k.ma_bao_cao,
        k.ma_so_lieu,
        k.tu_ngay,
        q.ma_quan_he,
        q.cach_doc,
        q.vai,
        q.chi_tieu,
        q.he_so,
        q.bat_buoc,
        q.gop,
        min(f.gia_tri) as nho_nhat,
        max(f.gia_tri) as lon_nhat,
        sum(f.gia_tri) as tong,
        count(f.gia_tri) as so_so,
        count(distinct f.cap) as so_cap,
        max(case when f.gia_tri is null then 0 else {{ nua_don_vi('f') }} end) as dung_sai
    from ket_qua as k
    inner join {{ ref('quan_he_bao_cao') }} as q on k.ma_quan_he = q.ma_quan_he
    left join {{ ref('int_doi_soat__so_lieu_du') }} as f
        on
            k.ma_bao_cao = f.ma_bao_cao
            and q.chi_tieu = f.chi_tieu
            and k.dia_ban = f.dia_ban
            and (
                (q.gop = 'cap' and f.cap in ('tinh', 'huyen', 'xa') and f.don_vi = '')
                or (q.gop <> 'cap' and k.pham_vi_khoa = f.pham_vi_khoa)
            )
            and (not q.cung_ky or {{ cung_ky('k', 'f') }})
    group by
        k.ma_bao_cao, k.ma_so_lieu, k.tu_ngay, q.ma_quan_he, q.cach_doc, q.vai, q.chi_tieu, q.he_so, q.bat_buoc, q.gop
),

gia_tri as (
    select
        s.*,
        case
            when s.vai = 'hang_so' then cast(1 as decimal(20, 6))
            when s.gop = 'cap' and s.so_cap = 3 and s.so_so = 3 then s.tong
            when s.gop = 'liet_ke' and s.so_so > 0 then s.tong
            when s.gop = 'mot' and s.nho_nhat = s.lon_nhat then s.nho_nhat
            when not s.bat_buoc and s.so_so = 0 then 0
        end as gia_tri
    from so_hang as s
    where s.vai <> 'mau_so_in'
),

cach_doc as (
    select
        g.ma_bao_cao,
        g.ma_so_lieu,
        g.tu_ngay,
        g.ma_quan_he,
        g.cach_doc,
        sum(case when g.vai in ('so_hang', 'hang_so', 'tu_so') then g.he_so * g.gia_tri end) as tu,
        sum(case when g.vai = 'mau_so' then g.he_so * g.gia_tri end) as mau,
        sum(g.dung_sai) as dung_sai,
        max(case when g.vai = 'tu_so' then 1 else 0 end) = 1 as la_ty_le,
        sum(case when g.vai <> 'hang_so' and g.bat_buoc and g.so_so > 0 then 1 else 0 end) as so_co,
        {{ noi_chuoi_theo(
            "case when g.gia_tri is null and (g.vai <> 'mau_so' or g.co_mau_in = 0) then coalesce(c.ten, g.chi_tieu) end",
            '; ', 'g.chi_tieu'
        ) }} as thieu
    from (
        select
            v.*,
            case when k.mau_so is not null then 1 else 0 end as co_mau_in
        from gia_tri as v
        inner join {{ ref('int_doi_soat__so_lieu') }} as k on v.ma_bao_cao = k.ma_bao_cao and v.ma_so_lieu = k.ma_so_lieu
    ) as g
    left join {{ ref('chi_tieu') }} as c on g.chi_tieu = c.chi_tieu
    group by g.ma_bao_cao, g.ma_so_lieu, g.tu_ngay, g.ma_quan_he, g.cach_doc
)

select
    k.ma_bao_cao,
    k.ma_so_lieu,
    concat_ws('', 'khai_bao/', c.ma_quan_he) as ma_con,
    q.loai,
    q.mo_ta,
    c.cach_doc,
    k.gia_tri,
    k.bac,
    case when c.la_ty_le then coalesce(k.he_so, 1) else 1 end as he_so,
    cast(c.tu as decimal(20, 6)) as tu,
    cast(case when c.la_ty_le then coalesce(k.mau_so, c.mau) else 1 end as decimal(20, 6)) as mau,
    case
        when c.la_ty_le then {{ nua_chu_so('k.bac') }}
        else c.dung_sai + {{ nua_don_vi('k') }}
    end as dung_sai,
    case
        when c.thieu is not null then c.thieu
        when c.la_ty_le and coalesce(k.mau_so, c.mau, 0) = 0 then 'mẫu số'
    end as thieu
from cach_doc as c
inner join ket_qua as k
    on
        c.ma_bao_cao = k.ma_bao_cao
        and c.ma_so_lieu = k.ma_so_lieu
        and c.ma_quan_he = k.ma_quan_he
        and c.tu_ngay is not distinct from k.tu_ngay
inner join (
    select distinct
        ma_quan_he,
        cach_doc,
        loai,
        mo_ta
    from {{ ref('quan_he_bao_cao') }}
) as q
    on c.ma_quan_he = q.ma_quan_he and c.cach_doc = q.cach_doc
where
    c.so_co > 0
    -- a share printed with both its terms is tested by them
    and not (c.la_ty_le and k.tu_so is not null and k.mau_so is not null)
