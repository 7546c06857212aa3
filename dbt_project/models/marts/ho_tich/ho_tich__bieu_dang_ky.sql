{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
select
    {% for c in ['loai_so'] + cot_dang_ky() %}d.{{ c }},
    {% endfor %}{{ ty_le('d.dung_han', 'd.dung_han_mau_so') }} as ty_le_dung_han,
    {{ nhan_danh_muc('loai_so', 'd.loai_so') }} as loai_so_ten
from ({{ dem_dang_ky() }}) as d
order by d.loai_so asc nulls last
