{{ bang_nhom('cong_khai') }}
