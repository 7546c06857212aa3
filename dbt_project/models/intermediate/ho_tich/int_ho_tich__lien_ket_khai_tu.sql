{{ config(materialized='view') }}
-- Deaths in the shape that linkage compares (private).
{{ ban_ghi_lien_ket('khai_tu', 'nkt', [
    ('nkt_ngay_chet_tu', 'ngay_chet_tu'), ('nkt_ngay_chet_den', 'ngay_chet_den'),
    ('nkt_noi_chet', 'noi_chet'), ('nkt_nguyen_nhan', 'nguyen_nhan'),
]) }}
