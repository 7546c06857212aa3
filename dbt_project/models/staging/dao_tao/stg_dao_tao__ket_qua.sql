-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/dao_tao/ket_qua.yaml
{{ trang_thai_moi_nhat('dao_tao__ket_qua', [
    'khoa_hoc', 'ma_don_vi', 'ngay', 'ke_hoach_lop', 'ke_hoach_hoc_vien', 'dang_ky', 'kich_hoat',
    'hoan_thanh', 'chung_chi', 'giam_tru',
]) }}
