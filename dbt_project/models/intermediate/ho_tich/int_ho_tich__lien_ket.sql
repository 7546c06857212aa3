{{ config(materialized='view') }}
-- Births in the shape that linkage compares (private); ids as in int_ho_tich__ban_ghi.
select
    md5(concat(_khoa, ':', cast(_thu_tu_ban_ghi as varchar))) as ma_ban_ghi,
    _khoa,
    noi_dang_ky,
    nguon,
    loai_dang_ky,
    ngay_dang_ky_tu,
    ngay_dang_ky_den,
    coalesce(nks_so_dinh_danh_khoa, nks_so_dinh_danh) as so_dinh_danh,
    nks_gioi_tinh as gioi_tinh,
    nks_ho_ten as ho_ten,
    nks_ngay_sinh_tu as ngay_sinh_tu,
    nks_ngay_sinh_den as ngay_sinh_den,
    me_ho_ten,
    me_ngay_sinh_tu,
    me_ngay_sinh_den,
    cha_ho_ten,
    cha_ngay_sinh_tu,
    cha_ngay_sinh_den,
    so,
    quyen_so,
    trang_so
from {{ ref('stg_ho_tich__khai_sinh') }}
-- A cancelled record is no duplicate of the one that replaced it.
where coalesce(trang_thai, '') <> 'da_huy'
