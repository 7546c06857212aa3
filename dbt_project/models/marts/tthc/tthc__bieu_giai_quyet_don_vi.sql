{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo("h.ma_don_vi", 'ma_don_vi') }}
