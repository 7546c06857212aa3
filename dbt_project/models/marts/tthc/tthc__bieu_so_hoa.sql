{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo_cap(dem_so_hoa("coalesce(h.cap, 'khong_ro')", 'cap'), cot_so_hoa(), ty_le_so_hoa()) }}
