{%- set cot = [
    'ky', 'ma_don_vi', 'ten_don_vi', 'ma_chi_so', 'tu_so', 'mau_so', 'ty_le', 'diem', 'diem_goc',
    'diem_toi_da', 'binh_quan_ca_nuoc', 'xep_hang', 'so_don_vi_xep_hang', 'thoi_diem_lay',
] -%}
{{ trang_thai_moi_nhat('bo_chi_so_766__diem', cot) }}
