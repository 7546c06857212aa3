-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/bo_chi_so_766/diem.yaml
{{ trang_thai_moi_nhat('bo_chi_so_766__diem', [
    'ky', 'ma_don_vi', 'ten_don_vi', 'ma_chi_so', 'tu_so', 'tu_so_goc', 'mau_so', 'mau_so_goc',
    'ty_le', 'diem', 'diem_goc', 'diem_toi_da', 'diem_toi_da_goc', 'binh_quan_ca_nuoc',
    'binh_quan_ca_nuoc_goc', 'xep_hang', 'so_don_vi_xep_hang', 'thoi_diem_lay',
]) }}
