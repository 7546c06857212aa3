select
    cast(c.ma_ban_ghi as varchar) as ma_ban_ghi,
    cast(c.loai_so as varchar) as loai_so,
    {{ nhan_danh_muc('loai_so', 'c.loai_so') }} as loai_so_ten,
    cast(c.ma_don_vi as varchar) as ma_don_vi,
    cast(d.ma_don_vi_hien_nay as varchar) as ma_don_vi_hien_nay,
    cast(c.ma_phien_ban_cu as varchar) as ma_phien_ban_cu,
    cast(c.ma_phien_ban_moi as varchar) as ma_phien_ban_moi,
    cast(c.ngay_cai_chinh as date) as ngay_cai_chinh,
    cast(c.truong as varchar) as truong,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('int_ho_tich__cai_chinh') }} as c
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__don_vi_hien_nay') }} as d on c.ma_don_vi = d.ma_don_vi
