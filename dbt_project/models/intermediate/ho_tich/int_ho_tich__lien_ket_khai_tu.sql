{{ config(materialized='view') }}
-- Deaths in the shape that linkage compares (private); ids as in int_ho_tich__ban_ghi.
select
    md5(concat(s._khoa, ':', cast(s._thu_tu_ban_ghi as varchar))) as ma_ban_ghi,
    s._khoa,
    s.noi_dang_ky,
    s.nguon,
    s.loai_dang_ky,
    s.ngay_dang_ky_tu,
    s.ngay_dang_ky_den,
    coalesce(s.nkt_so_dinh_danh_khoa, s.nkt_so_dinh_danh) as so_dinh_danh,
    s.nkt_gioi_tinh as gioi_tinh,
    s.nkt_ho_ten as ho_ten,
    s.nkt_ngay_sinh_tu as ngay_sinh_tu,
    s.nkt_ngay_sinh_den as ngay_sinh_den,
    s.nkt_ngay_chet_tu as ngay_chet_tu,
    s.nkt_ngay_chet_den as ngay_chet_den,
    s.nkt_noi_chet as noi_chet,
    s.nkt_nguyen_nhan as nguyen_nhan,
    s.so,
    s.quyen_so,
    s.trang_so,
    s.nkt_so_dinh_danh as so_dinh_danh_goc
from {{ ref('stg_ho_tich__khai_tu') }} as s
-- A cancelled record is no duplicate of the one that replaced it.
where coalesce(s.trang_thai, '') <> 'da_huy'
