-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvc/tthc.yaml
{{ trang_thai_moi_nhat('dvc__tthc', [
    'ma_tthc', 'ma_tthc_qg', 'ten_tthc', 'linh_vuc', 'cap', 'co_quan', 'nguon', 'thoi_han',
    'don_vi_thoi_han', 'mot_cua', 'muc_do_dvc', 'co_phi', 'thanh_toan_truc_tuyen', 'thiet_yeu',
    'so_quyet_dinh', 'ngay_hieu_luc_vb', 'ngay_bo_cong_bo', 'ngay_tinh_cong_bo', 'ngay_cong_khai',
    'du_bo_phan', 'hieu_luc_tu', 'hieu_luc_den', 'chi_truc_tuyen', 'nam_buoc', 'khong_giay',
    'noi_bo', 'lien_thong',
]) }}
