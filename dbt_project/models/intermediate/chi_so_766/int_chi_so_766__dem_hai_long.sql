{{ dem_nhom('hai_long') }}
