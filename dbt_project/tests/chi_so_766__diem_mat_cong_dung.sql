-- Lost points add up exactly to maximum − points, for every component of every month.
select count(*) as so_dong
from {{ ref('int_chi_so_766__diem_thanh_phan') }} as d
left join {{ ref('chi_so_766__diem_mat') }} as m
    on d.ky = m.ky and d.ma_don_vi = m.ma_tinh and d.ma_chi_so = m.ma_chi_so
where d.la_toan_tinh and d.diem is not null
group by d.ky, d.ma_don_vi, d.ma_chi_so, d.diem_toi_da, d.diem
having coalesce(sum(m.diem_mat), 0) <> d.diem_toi_da - d.diem
