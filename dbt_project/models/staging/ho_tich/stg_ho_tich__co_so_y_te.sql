-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/ho_tich/co_so_y_te.yaml
{{ trang_thai_moi_nhat('ho_tich__co_so_y_te', [
    'ma_co_so', 'ten_co_so', 'ky', 'loai', 'so_phat_hanh', 'so_gui',
]) }}
