-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dvc/co_quan.yaml
{{ trang_thai_moi_nhat('dvc__co_quan', [
    'ma_don_vi', 'ten_don_vi', 'cap', 'ma_don_vi_cha', 'ma_dvhc', 'hieu_luc_tu', 'hieu_luc_den',
    'thay_the_boi', 'nganh_doc',
]) }}
