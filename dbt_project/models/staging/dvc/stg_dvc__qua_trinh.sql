-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvc/qua_trinh.yaml
{{ trang_thai_moi_nhat('dvc__qua_trinh', [
    'ma_ho_so', 'thoi_diem', 'trang_thai', 'buoc', 'ma_don_vi', 'can_bo', 'noi_dung',
]) }}
