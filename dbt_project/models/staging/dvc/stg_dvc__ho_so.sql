-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvc/ho_so.yaml
{{ trang_thai_moi_nhat('dvc__ho_so', [
    'ma_ho_so', 'ma_tthc', 'ten_tthc', 'linh_vuc', 'ma_don_vi', 'ten_don_vi', 'kenh', 'chu_ho_so',
    'so_dinh_danh', 'so_dinh_danh_goc', 'so_dinh_danh_khoa', 'dien_thoai', 'ngay_tiep_nhan',
    'ngay_hen_tra', 'ngay_ket_thuc', 'ngay_tra', 'trang_thai', 'phi_le_phi',
    'thanh_toan_truc_tuyen', 'ket_qua_dien_tu', 'so_hoa_ho_so', 'tai_su_dung', 'ly_do_tra_lai',
    'dua_vao_kho_ca_nhan', 'dung_du_lieu_dan_cu', 'nop_ho', 'tai_khoan', 'hinh_thuc_tra',
    'so_ban_sao',
]) }}
