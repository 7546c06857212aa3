-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvcqg/ho_so.yaml
{{ trang_thai_moi_nhat('dvcqg__ho_so', [
    'ma_ho_so', 'ma_tthc_qg', 'ma_don_vi', 'trang_thai', 'ngay_tiep_nhan', 'ngay_hen_tra',
    'ngay_ket_thuc', 'ngay_dong_bo', 'danh_gia_han',
]) }}
