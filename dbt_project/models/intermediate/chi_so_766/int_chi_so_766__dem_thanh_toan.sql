{{ dem_nhom_chi_so('thanh_toan') }}
