{{ ky_tu_ho_so('ho_so_goc') }}
