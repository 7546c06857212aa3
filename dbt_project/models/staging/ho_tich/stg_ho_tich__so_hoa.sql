-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/ho_tich/so_hoa.yaml
{{ trang_thai_moi_nhat('ho_tich__so_hoa', [
    'ma_don_vi', 'loai_so', 'quyen_so', 'nam_mo_so', 'so_truong_hop', 'giai_doan', 'da_nhap',
    'da_doi_soat', 'da_phe_duyet', 'ngay_cap_nhat',
]) }}
