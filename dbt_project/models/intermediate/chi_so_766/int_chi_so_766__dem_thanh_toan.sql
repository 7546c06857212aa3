{{ dem_nhom('thanh_toan') }}
