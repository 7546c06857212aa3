select
    cast(c.ma_cum as varchar) as ma_cum,
    cast(c.ma_ban_ghi_1 as varchar) as ma_ban_ghi_1,
    cast(c.ma_ban_ghi_2 as varchar) as ma_ban_ghi_2,
    cast(c.loai as varchar) as loai,
    cast(1 as double) as xac_suat,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('int_ho_tich__trung_chinh_xac') }} as c
cross join {{ source('so_cai', 'tham_so') }} as p
