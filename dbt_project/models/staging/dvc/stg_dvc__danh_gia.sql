-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvc/danh_gia.yaml
{{ trang_thai_moi_nhat('dvc__danh_gia', [
    'ma_ho_so', 'thoi_diem', 'diem', 'muc_do', 'y_kien',
]) }}
