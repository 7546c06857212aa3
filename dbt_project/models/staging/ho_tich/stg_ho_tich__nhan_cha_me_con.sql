-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/ho_tich/nhan_cha_me_con.yaml
{%- set cot = [
    'so', 'quyen_so', 'trang_so', 'ngay_dang_ky', 'ngay_dang_ky_tu', 'ngay_dang_ky_den',
    'loai_dang_ky', 'noi_dang_ky', 'nguon', 'trang_thai', 'ngay_cap_nhat', 'cha_me_ho_ten',
    'con_ho_ten', 'con_ngay_sinh', 'con_ngay_sinh_tu', 'con_ngay_sinh_den', 'loai_xac_nhan',
] %}
{{ ban_ghi_ho_tich('ho_tich__nhan_cha_me_con', cot, ['cha_me_ho_ten', 'con_ho_ten'], ['con_ngay_sinh']) }}
