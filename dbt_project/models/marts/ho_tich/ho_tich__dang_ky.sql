{{ config(materialized='view', nhu='int_ho_tich__dang_ky') }}
select
    b.ma_ban_ghi,
    b.loai_so,
    {{ nhan_danh_muc('loai_so', 'b.loai_so') }} as loai_so_ten,
    b.ma_don_vi,
    b.ma_don_vi_hien_nay,
    b.ky,
    b.nguon,
    {{ nhan_danh_muc('nguon_ho_tich', 'b.nguon') }} as nguon_ten,
    b.loai_dang_ky,
    b.gioi_tinh,
    b.nam_sinh,
    b.ngay_dang_ky,
    b.ngay_dang_ky_tu,
    b.ngay_dang_ky_den,
    b.so_ngay_cho,
    b.dung_han,
    b.co_so_dinh_danh,
    b.so_ngay_cho_so_dinh_danh,
    b.trang_thai,
    {{ nhan_danh_muc('trang_thai_ho_tich', 'b.trang_thai') }} as trang_thai_ten,
    b.ma_tep,
    b.trang_tinh,
    b.dong,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('int_ho_tich__dang_ky') }} as b
cross join {{ source('so_cai', 'tham_so') }} as p
