-- R13, shares that print their own denominator: against the numerator printed with them, else the one count of the same
-- sentence that has the same denominator.
with tu_trong_cau as (
    select
        f.ma_bao_cao,
        f.ma_so_lieu,
        min(g.gia_tri) as tu_so,
        max(g.gia_tri) as tu_so_den
    from {{ ref('int_doi_soat__so_lieu') }} as f
    inner join {{ ref('int_doi_soat__so_lieu') }} as g
        on
            f.ma_bao_cao = g.ma_bao_cao
            and f.trich_dan = g.trich_dan
            and f.mau_so = g.mau_so
            and f.pham_vi_khoa = g.pham_vi_khoa
            and g.he_so is null
    where f.he_so is not null and f.tu_so is null
    group by f.ma_bao_cao, f.ma_so_lieu
)

select
    f.ma_bao_cao,
    f.ma_so_lieu,
    'in_kem' as ma_con,
    concat_ws('', 'Tỷ lệ so với tử số và mẫu số in kèm: ', f.ten_chi_tieu) as mo_ta,
    f.gia_tri,
    f.bac,
    f.he_so,
    coalesce(f.tu_so, t.tu_so) as tu,
    f.mau_so as mau,
    case
        when f.mau_so is null then 'mẫu số'
        when f.mau_so = 0 then 'mẫu số khác 0'
        when coalesce(f.tu_so, t.tu_so) is null then 'tử số'
    end as thieu
from {{ ref('int_doi_soat__so_lieu') }} as f
left join tu_trong_cau as t
    on f.ma_bao_cao = t.ma_bao_cao and f.ma_so_lieu = t.ma_so_lieu and t.tu_so = t.tu_so_den
where f.he_so is not null and (f.mau_so is not null or f.tu_so is not null)
