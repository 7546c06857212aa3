{{ dem_nhom_chi_so('cong_khai') }}
