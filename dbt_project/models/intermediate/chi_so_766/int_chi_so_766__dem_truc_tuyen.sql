{{ dem_nhom('truc_tuyen') }}
