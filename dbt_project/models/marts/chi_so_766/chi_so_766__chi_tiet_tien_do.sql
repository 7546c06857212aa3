{{ bang_chi_tiet('tien_do') }}
