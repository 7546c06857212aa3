{{ diem_nhom_766('thanh_toan') }}
