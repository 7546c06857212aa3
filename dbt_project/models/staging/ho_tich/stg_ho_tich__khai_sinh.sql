-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/ho_tich/khai_sinh.yaml
{%- set cot = [
    'so', 'quyen_so', 'trang_so', 'ngay_dang_ky', 'ngay_dang_ky_tu', 'ngay_dang_ky_den',
    'loai_dang_ky', 'noi_dang_ky', 'nguon', 'trang_thai', 'ngay_cap_nhat', 'nks_ho_ten',
    'nks_gioi_tinh', 'nks_ngay_sinh', 'nks_ngay_sinh_tu', 'nks_ngay_sinh_den', 'nks_so_dinh_danh',
    'nks_so_dinh_danh_goc', 'nks_so_dinh_danh_khoa', 'ngay_cap_so_dinh_danh', 'nks_dan_toc',
    'nks_quoc_tich', 'nks_noi_sinh', 'me_ho_ten', 'me_ngay_sinh', 'me_ngay_sinh_tu',
    'me_ngay_sinh_den', 'me_so_giay_to', 'me_so_giay_to_goc', 'me_so_giay_to_khoa', 'cha_ho_ten',
    'cha_ngay_sinh', 'cha_ngay_sinh_tu', 'cha_ngay_sinh_den', 'cha_so_giay_to',
    'cha_so_giay_to_goc', 'cha_so_giay_to_khoa', 'nyc_ho_ten',
] %}
{{ ban_ghi_ho_tich('ho_tich__khai_sinh', cot, ['nks_ho_ten'], ['nks_ngay_sinh']) }}
