{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo_don_vi(dem_pakn({'ma_don_vi': 'k.ma_don_vi'}), cot_pakn(), ty_le_pakn()) }}
