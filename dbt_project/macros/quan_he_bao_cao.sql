{#- Two figures `a` and `b` of one window: the same last day, and the same first day unless one of them is a state at a
    moment (in progress, in force), which has no first day. -#}
{% macro cung_ky(a, b) -%}
(
    {{ a }}.den_ngay is not distinct from {{ b }}.den_ngay
    and (
        {{ a }}.tu_ngay is not distinct from {{ b }}.tu_ngay
        or {{ a }}.tinh_chat = 'thoi_diem'
        or {{ b }}.tinh_chat = 'thoi_diem'
    )
)
{%- endmacro %}

{#- What rounding may do to a sum: half a unit of the last printed digit of a share or a decimal, nothing of a count. -#}
{% macro nua_don_vi(f) -%}
case
    when {{ f }}.he_so is null and {{ f }}.bac = 1 and {{ f }}.cong_duoc then 0
    else {{ nua_chu_so(f ~ '.bac') }}
end
{%- endmacro %}

{#- Half a unit of the last printed digit. -#}
{% macro nua_chu_so(bac) -%}
cast(
    case {{ bac }}
        when 10 then 0.05 when 100 then 0.005 when 1000 then 0.0005 when 10000 then 0.00005
        when 100000 then 0.000005 when 1000000 then 0.0000005 else 0.5
    end as decimal(8, 7)
)
{%- endmacro %}

{#- The count of R5 (or the numerator of a share) that a metric code stands for, out of a row `d` of `dem_giai_quyet`. -#}
{% macro so_dem_cua_chi_tieu(chi_tieu, d) -%}
case {{ chi_tieu }}
    {% for c in cot_giai_quyet() -%}
    when '{{ c }}' then {{ d }}.{{ c }}
    {% endfor -%}
    when 'truc_tiep_buu_chinh' then {{ d }}.truc_tiep + {{ d }}.buu_chinh
    when 'dung_va_truoc_han' then {{ d }}.truoc_han + {{ d }}.dung_han
    when 'ty_le_truc_tuyen' then {{ d }}.truc_tuyen
    when 'ty_le_dung_va_truoc_han' then {{ d }}.truoc_han + {{ d }}.dung_han
end
{%- endmacro %}
