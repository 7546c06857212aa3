{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo_cap(dem_pakn({'cap': "coalesce(k.cap, 'khong_ro')"}), cot_pakn(), ty_le_pakn()) }}
