-- do not edit: `make docs` writes this file from pipelines/contracts/feeds/bao_cao/so_lieu.yaml
{{ trang_thai_moi_nhat('bao_cao__so_lieu', [
    'ma_bao_cao', 'ma_so_lieu', 'ten_bao_cao', 'trich_dan', 'chi_tieu', 'tu_ngay', 'tu_ngay_tu',
    'tu_ngay_den', 'den_ngay', 'den_ngay_tu', 'den_ngay_den', 'pham_vi', 'gia_tri', 'gia_tri_goc',
    'gia_tri_ngay', 'gia_tri_ngay_tu', 'gia_tri_ngay_den', 'don_vi_tinh', 'tu_so', 'tu_so_goc',
    'mau_so', 'mau_so_goc', 'thuoc_tong',
]) }}
