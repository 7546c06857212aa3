-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvc/van_ban.yaml
{{ trang_thai_moi_nhat('dvc__van_ban', [
    'so_van_ban', 'ngay', 'loai', 'co_quan', 'trich_yeu', 'so_tthc', 'linh_vuc',
]) }}
