{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo_cap(dem_pakn("coalesce(k.cap, 'khong_ro')", 'cap'), cot_pakn(), ty_le_pakn()) }}
