-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvc/phi.yaml
{{ trang_thai_moi_nhat('dvc__phi', [
    'ma_tthc', 'kenh', 'muc_thu', 'mien', 'so_van_ban', 'ngay_van_ban', 'hieu_luc_tu',
    'hieu_luc_den',
]) }}
