{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo_don_vi(dem_tra_lai('h.ma_don_vi', 'ma_don_vi'), cot_tra_lai(), them=['ly_do']) }}
