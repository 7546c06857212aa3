{{ bang_nhom('so_hoa') }}
