{{ bang_nhom('thanh_toan') }}
