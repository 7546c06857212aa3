{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo_don_vi(dem_thanh_toan('g.ma_don_vi', 'ma_don_vi'), cot_thanh_toan(), ty_le_thanh_toan()) }}
