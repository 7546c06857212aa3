{{ diem_nhom_766('hai_long') }}
