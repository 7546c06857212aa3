-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/chi_dao/muc_tieu.yaml
{{ trang_thai_moi_nhat('chi_dao__muc_tieu', [
    'ma_chi_tieu', 'pham_vi', 'tu_ngay', 'den_ngay', 'gia_tri', 'gia_tri_goc', 'chieu',
    'so_van_ban',
]) }}
