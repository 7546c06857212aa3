{{ dem_nhom_chi_so('so_hoa') }}
