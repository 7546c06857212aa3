-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/ho_tich/lien_thong.yaml
{{ trang_thai_moi_nhat('ho_tich__lien_thong', [
    'ma_ho_so', 'nhom', 'ma_don_vi', 'ngay_nop', 'ngay_ho_tich', 'ngay_cu_tru', 'ngay_bhxh',
    'trang_thai_ho_tich', 'trang_thai_cu_tru', 'trang_thai_bhxh', 'co_giay_dien_tu', 'ma_co_so',
    'ten_co_so',
]) }}
