{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo("case when h.co_anh_xa then h.ma_tthc else 'chua_anh_xa' end", 'ma_tthc', 'ten_tthc') }}
