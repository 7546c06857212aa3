{{ diem_nhom_766('cong_khai') }}
