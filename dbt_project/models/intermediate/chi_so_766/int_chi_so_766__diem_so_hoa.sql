{{ diem_nhom_766('so_hoa') }}
