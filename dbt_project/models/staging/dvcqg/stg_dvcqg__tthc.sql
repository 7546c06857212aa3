-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvcqg/tthc.yaml
{{ trang_thai_moi_nhat('dvcqg__tthc', [
    'ma_tthc_qg', 'ten_tthc', 'cap', 'muc_do_dvc', 'thanh_toan_truc_tuyen', 'ngay_cong_khai',
]) }}
