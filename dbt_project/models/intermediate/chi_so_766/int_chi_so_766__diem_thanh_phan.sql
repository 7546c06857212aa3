-- Own points of all groups.
{{ config(materialized='view') }}
{{ gop_nhom_766('int_chi_so_766__diem_', [
    'ky', 'ma_don_vi', 'ten_don_vi', 'cap', 'ma_chi_so', 'tu_so', 'mau_so', 'ty_le', 'diem', 'diem_toi_da',
    'tinh_trang', 'nguon_thieu', 'la_toan_tinh', 'dinh_nghia_tu', 'cach_dem', 'cum_tu',
]) }}
