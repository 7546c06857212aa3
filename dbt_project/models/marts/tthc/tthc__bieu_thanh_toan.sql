{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo_cap(dem_thanh_toan("coalesce(g.cap, 'khong_ro')", 'cap'), cot_thanh_toan(), ty_le_thanh_toan()) }}
