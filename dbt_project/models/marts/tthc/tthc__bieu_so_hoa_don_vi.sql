{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{{ bieu_theo_don_vi(dem_so_hoa('h.ma_don_vi', 'ma_don_vi'), cot_so_hoa(), ty_le_so_hoa()) }}
