-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvc/thanh_toan.yaml
{{ trang_thai_moi_nhat('dvc__thanh_toan', [
    'ma_giao_dich', 'ma_ho_so', 'thoi_diem', 'so_tien', 'kenh', 'ket_qua', 'ma_loi',
]) }}
