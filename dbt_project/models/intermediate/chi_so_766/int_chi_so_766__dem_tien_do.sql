{{ dem_nhom('tien_do') }}
