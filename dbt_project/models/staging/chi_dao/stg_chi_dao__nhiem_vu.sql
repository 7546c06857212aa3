-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/chi_dao/nhiem_vu.yaml
{{ trang_thai_moi_nhat('chi_dao__nhiem_vu', [
    'ma_nhiem_vu', 'ke_hoach', 'noi_dung', 'ma_don_vi', 'thuong_xuyen', 'han', 'trang_thai',
    'ngay_hoan_thanh', 'ngay_cap_nhat',
]) }}
