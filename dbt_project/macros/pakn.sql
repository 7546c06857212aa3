{#- What a petition `k` is shown under besides its own fields, as joins: `d` its agency on the day of receipt (R6), `c` the field of
    work where a catalogue has it. -#}
{% macro ghep_pakn(k) -%}
left join {{ ref('int_tthc__don_vi_thoi_ky') }} as d
    on
        {{ k }}.ma_don_vi = d.ma_don_vi
        and cast({{ k }}.ngay_tiep_nhan as date) >= d.ap_dung_tu
        and cast({{ k }}.ngay_tiep_nhan as date) <= d.ap_dung_den
left join {{ ref('int_tthc__chu_danh_muc') }} as c on c.loai = 'linh_vuc' and {{ k }}.linh_vuc = c.chu
{%- endmacro %}

{#- The field of work of a petition: a text that no catalogue has is not shown. -#}
{% macro linh_vuc_pakn(k) -%}
coalesce(c.chu, case when {{ k }}.linh_vuc <> '' then {{ ngoai_danh_muc() }} end)
{%- endmacro %}
