-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/he_thong/ket_noi.yaml
{{ trang_thai_moi_nhat('he_thong__ket_noi', [
    'ma_he_thong', 'ten', 'chu_quan', 'loai', 'dung_chung', 'qua', 'trang_thai', 'so_van_ban',
    'hieu_luc_tu', 'hieu_luc_den',
]) }}
