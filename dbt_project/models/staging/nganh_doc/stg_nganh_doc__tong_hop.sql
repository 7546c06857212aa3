-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/nganh_doc/tong_hop.yaml
{{ trang_thai_moi_nhat('nganh_doc__tong_hop', [
    'ky', 'ma_don_vi', 'ma_tthc', 'linh_vuc', 'ma_he_thong', 'tiep_nhan', 'truc_tuyen',
    'da_giai_quyet', 'qua_han', 'dang_giai_quyet', 'pakn',
]) }}
