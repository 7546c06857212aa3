select
    cast(d.ky as varchar) as ky,
    cast(d.nguon_du_lieu as varchar) as nguon_du_lieu,
    cast(coalesce(d.ma_don_vi, '') as varchar) as ma_don_vi,
    cast(d.chieu as varchar) as chieu,
    {{ nhan_danh_muc('chieu_chat_luong', 'd.chieu') }} as chieu_ten,
    cast(d.so_dong as bigint) as so_dong,
    cast(d.so_loi as bigint) as so_loi,
    cast(100 * {{ ty_le('d.so_dong - d.so_loi', 'd.so_dong') }} as double) as diem,
    cast(d.so_ap_dung as bigint) as so_ap_dung,
    cast({{ ty_le('d.so_dong', 'd.so_ap_dung') }} as double) as do_phu,
    -- Whole numbers on both sides: a share is never compared as a double.
    cast(
        case
            when d.so_dong = 0 then null
            when 100 * d.so_dong < n.do_phu_toi_thieu * d.so_ap_dung then 'xam'
            when 100 * (d.so_dong - d.so_loi) >= n.diem_xanh * d.so_dong then 'xanh'
            when 100 * (d.so_dong - d.so_loi) >= n.diem_vang * d.so_dong then 'vang'
            else 'do'
        end as varchar
    ) as muc,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ source('so_cai', 'diem_do') }} as d
cross join {{ source('so_cai', 'tham_so') }} as p
cross join {{ ref('nguong_diem_chat_luong') }} as n
