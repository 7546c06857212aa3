{{ dem_nhom('so_hoa') }}
