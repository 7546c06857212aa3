{{ diem_nhom_766('truc_tuyen') }}
