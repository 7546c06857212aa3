{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo_cap(dem_tra_lai("coalesce(h.cap, 'khong_ro')", 'cap'), cot_tra_lai(), them=['ly_do']) }}
