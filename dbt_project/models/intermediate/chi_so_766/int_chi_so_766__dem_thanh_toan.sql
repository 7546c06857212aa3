{{ dem_nhom_766('thanh_toan') }}
