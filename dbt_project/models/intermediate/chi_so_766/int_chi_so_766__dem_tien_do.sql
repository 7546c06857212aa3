{{ dem_nhom_chi_so('tien_do') }}
