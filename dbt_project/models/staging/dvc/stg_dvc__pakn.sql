-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvc/pakn.yaml
{{ trang_thai_moi_nhat('dvc__pakn', [
    'ma_pakn', 'ngay_tiep_nhan', 'loai', 'linh_vuc', 'ma_don_vi', 'han_xu_ly', 'ngay_xu_ly',
    'ngay_cong_khai', 'hai_long', 'noi_dung',
]) }}
