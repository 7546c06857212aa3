{{ trang_thai_moi_nhat('dvc__danh_gia', [
    'ma_ho_so',
    'thoi_diem',
    'diem',
    'muc_do',
    'y_kien',
]) }}
