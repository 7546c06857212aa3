{#- First working day on or after `ngay`: from the calendar (`toi`, null where the calendar does not reach), else by weekends
    alone, counted from a Monday. -#}
{% macro ngay_lam_viec_toi(ngay, toi) -%}
coalesce(
    {{ toi }},
    case mod({{ dbt.datediff("cast('1800-01-06' as date)", ngay, 'day') }}, 7)
        when 5 then cast({{ dbt.dateadd('day', 2, ngay) }} as date)
        when 6 then cast({{ dbt.dateadd('day', 1, ngay) }} as date)
        else {{ ngay }}
    end
)
{%- endmacro %}
