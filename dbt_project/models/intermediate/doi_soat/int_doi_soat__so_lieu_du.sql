-- Printed figures and those that follow from them by a definition of the dictionary (`dinh_nghia`): where a report does
-- not print the whole but all its terms of one scope and window, so that the levels can be set against it.
with so_hang as (
    select
        f.ma_bao_cao,
        q.ma_quan_he,
        q.ket_qua,
        f.pham_vi_khoa,
        f.dia_ban,
        f.cap,
        f.don_vi,
        f.tu_ngay,
        f.den_ngay,
        f.chi_tieu,
        min(f.gia_tri) as gia_tri,
        max(f.gia_tri) as gia_tri_den,
        max(q.he_so) as he_so,
        q.bat_buoc,
        max(n.so_hang) as so_hang
    from {{ ref('quan_he_bao_cao') }} as q
    inner join {{ ref('int_doi_soat__so_lieu') }} as f on q.chi_tieu = f.chi_tieu
    inner join (
        select
            ma_quan_he,
            count(*) as so_hang
        from {{ ref('quan_he_bao_cao') }}
        where dinh_nghia and bat_buoc
        group by ma_quan_he
    ) as n on q.ma_quan_he = n.ma_quan_he
    where q.dinh_nghia and f.he_so is null
    group by
        f.ma_bao_cao, q.ma_quan_he, q.ket_qua, f.pham_vi_khoa, f.dia_ban, f.cap, f.don_vi, f.tu_ngay, f.den_ngay, f.chi_tieu,
        q.bat_buoc
),

tuy_chon as (
    select
        ma_bao_cao,
        ma_quan_he,
        count(distinct chi_tieu) as so_khong_bat_buoc
    from so_hang
    where not bat_buoc and gia_tri_den > 0
    group by ma_bao_cao, ma_quan_he
),

suy_ra as (
    select
        s.ma_bao_cao,
        s.ket_qua as chi_tieu,
        s.pham_vi_khoa,
        s.dia_ban,
        s.cap,
        s.don_vi,
        s.tu_ngay,
        s.den_ngay,
        sum(s.he_so * s.gia_tri) as gia_tri
    from so_hang as s
    left join tuy_chon as k on s.ma_bao_cao = k.ma_bao_cao and s.ma_quan_he = k.ma_quan_he
    group by s.ma_bao_cao, s.ma_quan_he, s.ket_qua, s.pham_vi_khoa, s.dia_ban, s.cap, s.don_vi, s.tu_ngay, s.den_ngay
    having
        sum(case when s.bat_buoc then 1 else 0 end) = max(s.so_hang)
        and max(case when s.gia_tri <> s.gia_tri_den then 1 else 0 end) = 0
        and count(*) = max(s.so_hang) + max(coalesce(k.so_khong_bat_buoc, 0))
)

select
    ma_bao_cao,
    ma_so_lieu,
    chi_tieu,
    ten_chi_tieu,
    tinh_chat,
    liet_ke,
    cong_duoc,
    pham_vi_khoa,
    dia_ban,
    cap,
    don_vi,
    tu_ngay,
    den_ngay,
    gia_tri,
    bac,
    he_so,
    thuoc_tong
from {{ ref('int_doi_soat__so_lieu') }}
union all
select
    s.ma_bao_cao,
    concat_ws('', 'suy_ra:', s.chi_tieu, ':', s.pham_vi_khoa, ':', coalesce(cast(s.den_ngay as varchar), '')) as ma_so_lieu,
    s.chi_tieu,
    c.ten as ten_chi_tieu,
    c.tinh_chat,
    false as liet_ke,
    true as cong_duoc,
    s.pham_vi_khoa,
    s.dia_ban,
    s.cap,
    s.don_vi,
    s.tu_ngay,
    s.den_ngay,
    cast(s.gia_tri as decimal(20, 6)) as gia_tri,
    cast(1 as bigint) as bac,
    cast(null as integer) as he_so,
    cast(null as varchar) as thuoc_tong
from suy_ra as s
inner join {{ ref('chi_tieu') }} as c on s.chi_tieu = c.chi_tieu
where not exists (
    select 1
    from {{ ref('int_doi_soat__so_lieu') }} as f
    where
        f.ma_bao_cao = s.ma_bao_cao
        and f.chi_tieu = s.chi_tieu
        and f.pham_vi_khoa = s.pham_vi_khoa
        and f.tu_ngay is not distinct from s.tu_ngay
        and f.den_ngay is not distinct from s.den_ngay
)
