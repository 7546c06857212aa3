{{ dem_nhom_chi_so('truc_tuyen') }}
