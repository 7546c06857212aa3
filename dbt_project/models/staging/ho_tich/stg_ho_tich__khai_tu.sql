-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/ho_tich/khai_tu.yaml
{%- set cot = [
    'so', 'quyen_so', 'trang_so', 'ngay_dang_ky', 'ngay_dang_ky_tu', 'ngay_dang_ky_den',
    'loai_dang_ky', 'noi_dang_ky', 'nguon', 'trang_thai', 'ngay_cap_nhat', 'nkt_ho_ten',
    'nkt_gioi_tinh', 'nkt_ngay_sinh', 'nkt_ngay_sinh_tu', 'nkt_ngay_sinh_den', 'nkt_so_dinh_danh',
    'nkt_so_dinh_danh_goc', 'nkt_so_dinh_danh_khoa', 'nkt_ngay_chet', 'nkt_ngay_chet_tu',
    'nkt_ngay_chet_den', 'nkt_noi_chet', 'nkt_nguyen_nhan',
] %}
{{ ban_ghi_ho_tich('ho_tich__khai_tu', cot, ['nkt_ho_ten'], ['nkt_ngay_sinh']) }}
