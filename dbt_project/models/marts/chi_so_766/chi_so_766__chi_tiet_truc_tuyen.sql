{{ bang_chi_tiet('truc_tuyen') }}
