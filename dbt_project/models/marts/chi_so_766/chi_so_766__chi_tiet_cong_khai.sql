{{ bang_chi_tiet('cong_khai') }}
