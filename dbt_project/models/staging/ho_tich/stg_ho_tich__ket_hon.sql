-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/ho_tich/ket_hon.yaml
{%- set cot = [
    'so', 'quyen_so', 'trang_so', 'ngay_dang_ky', 'ngay_dang_ky_tu', 'ngay_dang_ky_den',
    'loai_dang_ky', 'noi_dang_ky', 'nguon', 'trang_thai', 'ngay_cap_nhat', 'chong_ho_ten',
    'chong_ngay_sinh', 'chong_ngay_sinh_tu', 'chong_ngay_sinh_den', 'chong_so_giay_to',
    'chong_so_giay_to_goc', 'chong_so_giay_to_khoa', 'vo_ho_ten', 'vo_ngay_sinh', 'vo_ngay_sinh_tu',
    'vo_ngay_sinh_den', 'vo_so_giay_to', 'vo_so_giay_to_goc', 'vo_so_giay_to_khoa', 'ngay_ket_hon',
    'ngay_ket_hon_tu', 'ngay_ket_hon_den',
] %}
{{ ban_ghi_ho_tich('ho_tich__ket_hon', cot, ['chong_ho_ten', 'vo_ho_ten'], ['chong_ngay_sinh', 'vo_ngay_sinh']) }}
