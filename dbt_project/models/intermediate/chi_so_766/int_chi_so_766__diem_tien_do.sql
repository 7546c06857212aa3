{{ diem_nhom_766('tien_do') }}
