{#- Records of a register in the shape that linkage compares (R10; private); ids as in int_ho_tich__ban_ghi. `chu_the` is the
    prefix of the person the record is about; `cot_rieng` are pairs (column, its name here) that only this register has.
    A cancelled record is no duplicate of the one that replaced it. -#}
{% macro ban_ghi_lien_ket(so, chu_the, cot_rieng) -%}
select
    md5(concat_ws('', s._khoa, ':', cast(s._thu_tu_ban_ghi as varchar))) as ma_ban_ghi,
    s._khoa,
    s.noi_dang_ky,
    s.nguon,
    s.loai_dang_ky,
    s.ngay_dang_ky_tu,
    s.ngay_dang_ky_den,
    coalesce(s.{{ chu_the }}_so_dinh_danh_khoa, s.{{ chu_the }}_so_dinh_danh) as so_dinh_danh,
    s.{{ chu_the }}_gioi_tinh as gioi_tinh,
    s.{{ chu_the }}_ho_ten as ho_ten,
    s.{{ chu_the }}_ngay_sinh_tu as ngay_sinh_tu,
    s.{{ chu_the }}_ngay_sinh_den as ngay_sinh_den,
    {% for cot, ten in cot_rieng -%}
    s.{{ cot }} as {{ ten }},
    {% endfor -%}
    s.so,
    s.quyen_so,
    s.trang_so,
    s.{{ chu_the }}_so_dinh_danh as so_dinh_danh_goc
from {{ ref('stg_ho_tich__' ~ so) }} as s
where coalesce(s.trang_thai, '') <> 'da_huy'
{%- endmacro %}
