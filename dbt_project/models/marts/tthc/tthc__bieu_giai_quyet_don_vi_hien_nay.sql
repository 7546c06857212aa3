{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo("h.ma_don_vi_hien_nay", 'ma_don_vi_hien_nay') }}
