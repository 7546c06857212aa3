{{ dem_nhom_chi_so('hai_long') }}
