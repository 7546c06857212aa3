-- R13, one metric, window and scope printed more than once: every later printing against the first of its report, and
-- against the first of each other report where the window is printed. Compared in the coarser of the two roundings.
with in_ra as (
    select
        f.*,
        row_number() over (
            partition by f.ma_bao_cao, f.chi_tieu, f.pham_vi_khoa, f.tu_ngay, f.den_ngay, coalesce(f.he_so, 0)
            order by f.ma_so_lieu asc nulls last
        ) as lan_in
    from {{ ref('int_doi_soat__so_lieu') }} as f
    where not f.liet_ke
)

select
    b.ma_bao_cao,
    b.ma_so_lieu,
    concat_ws('', 'trung/', case when a.ma_bao_cao <> b.ma_bao_cao then concat_ws('', a.ma_bao_cao, '/') else '' end, a.ma_so_lieu) as ma_con,
    case
        when a.ma_bao_cao = b.ma_bao_cao
            then concat_ws('', 'In hai lần trong báo cáo (', a.ma_so_lieu, ' và ', b.ma_so_lieu, '): ', b.ten_chi_tieu)
        else concat_ws('', 'In ở hai báo cáo (', a.ma_bao_cao, ' số ', a.ma_so_lieu, '): ', b.ten_chi_tieu)
    end as mo_ta,
    b.gia_tri,
    b.bac,
    a.gia_tri as tu,
    case when a.bac = b.bac then 0 else {{ nua_chu_so('least(a.bac, b.bac)') }} end as dung_sai
from in_ra as a
inner join in_ra as b
    on
        a.chi_tieu = b.chi_tieu
        and a.pham_vi_khoa = b.pham_vi_khoa
        and coalesce(a.he_so, 0) = coalesce(b.he_so, 0)
        and (a.don_vi_chuan = b.don_vi_chuan or a.don_vi_chuan = '' or b.don_vi_chuan = '' or a.he_so is not null)
        and (
            (
                a.ma_bao_cao = b.ma_bao_cao
                and b.lan_in > 1
                and a.tu_ngay is not distinct from b.tu_ngay
                and a.den_ngay is not distinct from b.den_ngay
            )
            or (a.ma_bao_cao <> b.ma_bao_cao and b.lan_in = 1 and a.den_ngay = b.den_ngay and a.tu_ngay = b.tu_ngay)
        )
where a.lan_in = 1
