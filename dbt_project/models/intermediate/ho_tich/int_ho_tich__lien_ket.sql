{{ config(materialized='view') }}
-- Births in the shape that linkage compares (private); ids as in int_ho_tich__ban_ghi.
select
    md5(concat(s._khoa, ':', cast(s._thu_tu_ban_ghi as varchar))) as ma_ban_ghi,
    s._khoa,
    s.noi_dang_ky,
    s.nguon,
    s.loai_dang_ky,
    s.ngay_dang_ky_tu,
    s.ngay_dang_ky_den,
    coalesce(s.nks_so_dinh_danh_khoa, s.nks_so_dinh_danh) as so_dinh_danh,
    s.nks_gioi_tinh as gioi_tinh,
    s.nks_ho_ten as ho_ten,
    s.nks_ngay_sinh_tu as ngay_sinh_tu,
    s.nks_ngay_sinh_den as ngay_sinh_den,
    s.me_ho_ten,
    s.me_ngay_sinh_tu,
    s.me_ngay_sinh_den,
    s.cha_ho_ten,
    s.cha_ngay_sinh_tu,
    s.cha_ngay_sinh_den,
    s.so,
    s.quyen_so,
    s.trang_so,
    s.nks_so_dinh_danh as so_dinh_danh_goc
from {{ ref('stg_ho_tich__khai_sinh') }} as s
-- A cancelled record is no duplicate of the one that replaced it.
where coalesce(s.trang_thai, '') <> 'da_huy'
