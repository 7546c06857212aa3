{{ dem_nhom('cong_khai') }}
