{{ bang_nhom('tien_do') }}
