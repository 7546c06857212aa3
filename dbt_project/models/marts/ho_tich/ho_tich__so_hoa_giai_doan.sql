{{ tien_do_so_hoa(['ma_don_vi', 'loai_so', 'giai_doan']) }}
