{{ dem_nhom_766('so_hoa') }}
