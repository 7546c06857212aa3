-- Month × known agency: name and level on the month's last day, whether it is at work then, and its province: its own
-- code part if some agency of that province is at work then, else the code part of today's unit (R6), else the main one.
select
    k.ky,
    v.ma_don_vi,
    v.ten_don_vi,
    v.cap,
    v.hieu_luc_tu <= k.xet_ngay and (v.hieu_luc_den is null or v.hieu_luc_den >= k.xet_ngay) as hoat_dong,
    coalesce(t.ma_tinh, s.ma_tinh, c.ma_tinh) as ma_tinh
from {{ ref('int_tthc__don_vi_thoi_ky') }} as v
inner join {{ ref('int_chi_so_766__ky') }} as k on v.ap_dung_tu <= k.xet_ngay and v.ap_dung_den >= k.xet_ngay
left join {{ ref('int_tthc__don_vi_hien_nay') }} as n on v.ma_don_vi = n.ma_don_vi
left join {{ ref('int_chi_so_766__tinh_ky') }} as t on k.ky = t.ky and {{ ma_tinh('v.ma_don_vi') }} = t.ma_tinh
left join {{ ref('int_chi_so_766__tinh_ky') }} as s
    on k.ky = s.ky and {{ ma_tinh('n.ma_don_vi_hien_nay') }} = s.ma_tinh
left join {{ ref('int_chi_so_766__tinh_ky') }} as c on k.ky = c.ky and c.la_chinh
