-- R6: successions of administrative units with the names of their times.
select
    k.cap,
    k.ma_cu,
    c.ten as ten_cu,
    k.cap_moi,
    k.ma_moi,
    m.ten as ten_moi,
    k.ngay,
    k.loai,
    {{ nhan_danh_muc('loai_ke_thua', 'k.loai') }} as loai_ten,
    p.ngay_so_lieu,
    p.phien_ban
from {{ source('dvhc', 'ke_thua') }} as k
cross join {{ source('so_cai', 'tham_so') }} as p
inner join {{ source('dvhc', 'don_vi') }} as c
    on k.cap = c.cap and k.ma_cu = c.ma and c.hieu_luc_den = {{ cong_ngay('k.ngay', -1) }}
inner join {{ source('dvhc', 'don_vi') }} as m
    on k.cap_moi = m.cap and k.ma_moi = m.ma and k.ngay = m.hieu_luc_tu
