{{ bang_nhom('hai_long') }}
