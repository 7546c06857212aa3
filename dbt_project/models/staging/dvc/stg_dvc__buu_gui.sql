-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvc/buu_gui.yaml
{{ trang_thai_moi_nhat('dvc__buu_gui', [
    'ma_buu_gui', 'ma_ho_so', 'loai', 'ngay_gui', 'ngay_phat', 'trang_thai',
]) }}
