{{ ky_tu_ho_so('int_tthc__ho_so_goc') }}
