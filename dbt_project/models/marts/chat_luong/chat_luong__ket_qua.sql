select
    cast(k.phien_ban as varchar) as phien_ban,
    cast(k.ma_quy_tac as varchar) as ma_quy_tac,
    cast(k.so_dong as bigint) as so_dong,
    cast(k.so_loi as bigint) as so_loi,
    cast(k.ty_le_loi as double) as ty_le_loi,
    cast(k.dat as boolean) as dat,
    cast(k.bat_dau as timestamp) as bat_dau,
    cast(k.thoi_gian_ms as bigint) as thoi_gian_ms,
    cast(k.so_lan as bigint) as so_lan,
    cast(k.so_ap_dung as bigint) as so_ap_dung,
    cast({{ ty_le('k.so_dong', 'k.so_ap_dung') }} as double) as do_phu,
    cast(k.ly_do as varchar) as ly_do,
    cast(l.ngay_so_lieu as date) as ngay_so_lieu
from {{ source('so_cai', 'ket_qua_kiem_tra') }} as k
left join {{ source('so_cai', 'lan_chay') }} as l on k.so_lan = l.so_lan
