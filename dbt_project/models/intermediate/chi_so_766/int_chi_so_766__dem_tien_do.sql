{{ dem_nhom_766('tien_do') }}
