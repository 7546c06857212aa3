{{ bang_nhom('truc_tuyen') }}
