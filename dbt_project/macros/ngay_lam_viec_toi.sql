{#- First working day on or after `ngay`: from the calendar (`toi`, null where the calendar does not reach), else by weekends
    alone, counted from a Monday. -#}
{% macro ngay_lam_viec_toi(ngay, toi) -%}
coalesce(
    {{ toi }},
    case mod({{ so_ngay("cast('1800-01-06' as date)", ngay) }}, 7)
        when 5 then {{ cong_ngay(ngay, '2') }}
        when 6 then {{ cong_ngay(ngay, '1') }}
        else {{ ngay }}
    end
)
{%- endmacro %}
