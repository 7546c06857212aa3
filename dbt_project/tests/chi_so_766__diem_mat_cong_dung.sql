-- Lost points add up exactly to maximum − points, for every component of every month (spec marts, diem_mat).
{{ config(meta={'mo_ta': 'Điểm mất cộng lại đúng bằng điểm tối đa trừ điểm'}) }}
select count(*) as so_dong
from {{ ref('chi_so_766__diem_mat') }} as m
right join (
    select
        ky,
        ma_don_vi,
        ma_chi_so,
        diem_toi_da - diem as mat
    from {{ ref('int_chi_so_766__diem_thanh_phan') }}
    where la_toan_tinh and diem is not null
) as d on m.ky = d.ky and m.ma_tinh = d.ma_don_vi and m.ma_chi_so = d.ma_chi_so
group by d.ky, d.ma_don_vi, d.ma_chi_so
having coalesce(sum(m.diem_mat), 0) <> max(d.mat)
