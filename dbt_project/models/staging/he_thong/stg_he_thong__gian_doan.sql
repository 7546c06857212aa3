-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/he_thong/gian_doan.yaml
{{ trang_thai_moi_nhat('he_thong__gian_doan', [
    'ma_he_thong', 'bat_dau', 'ket_thuc', 'muc_do', 'linh_vuc',
]) }}
