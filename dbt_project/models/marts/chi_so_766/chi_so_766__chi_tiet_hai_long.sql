{{ bang_chi_tiet('hai_long') }}
