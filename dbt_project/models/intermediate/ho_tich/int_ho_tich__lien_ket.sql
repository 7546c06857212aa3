{{ config(materialized='view') }}
-- Births in the shape that linkage compares (private).
{{ ban_ghi_lien_ket('khai_sinh', 'nks', [
    ('me_ho_ten', 'me_ho_ten'), ('me_ngay_sinh_tu', 'me_ngay_sinh_tu'), ('me_ngay_sinh_den', 'me_ngay_sinh_den'),
    ('cha_ho_ten', 'cha_ho_ten'), ('cha_ngay_sinh_tu', 'cha_ngay_sinh_tu'), ('cha_ngay_sinh_den', 'cha_ngay_sinh_den'),
]) }}
