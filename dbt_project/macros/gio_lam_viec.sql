{#- Working time of the day (08:00–11:30 and 13:30–17:00), in seconds from the first day of the calendar to the moment `luc`: two
    of them subtract to the working time between. `lich` is the alias of the day's row of int_tthc__lich_lam_viec. -#}
{% macro giay_lam_viec(luc, lich) -%}
(
    25200 * ({{ lich }}.so_thu_tu - case when {{ lich }}.la_ngay_lam_viec then 1 else 0 end)
    + case
        when {{ lich }}.la_ngay_lam_viec
            then
                least(greatest({{ giay_trong_ngay(luc) }} - 28800, 0), 12600)
                + least(greatest({{ giay_trong_ngay(luc) }} - 48600, 0), 12600)
        else 0
    end
)
{%- endmacro %}

{#- Whole seconds since midnight. -#}
{% macro giay_trong_ngay(luc) -%}
(
    3600 * extract(hour from {{ luc }}) + 60 * extract(minute from {{ luc }})
    + cast(floor(extract(second from {{ luc }})) as bigint)
)
{%- endmacro %}

{#- Whole seconds between two moments. -#}
{% macro giay_giua(tu, den) -%}
(
    86400 * {{ so_ngay('cast(' ~ tu ~ ' as date)', 'cast(' ~ den ~ ' as date)') }}
    + {{ giay_trong_ngay(den) }} - {{ giay_trong_ngay(tu) }}
)
{%- endmacro %}

{#- Parts of a list in one cell (`Hộ tịch; Đất đai`), each in its normal form between bars: `|ho tich|dat dai|`. Semicolons and line
    breaks part always; a comma may stand within a name, so the list is given with commas read both ways. -#}
{% macro cac_phan(x) -%}
{%- set dong = thay_mau(bo_dau(x), '[;\n|]+', '|') -%}
{%- set ca_phay = thay_mau(dong, ',', '|') -%}
case when {{ x }} is not null then concat_ws('', '|', {{ phan_sach(dong) }}, '|', {{ phan_sach(ca_phay) }}, '|') end
{%- endmacro %}

{% macro phan_sach(x) -%}
{{ thay_mau(thay_mau(thay_mau(x, '[^a-z0-9|]+', ' '), ' *[|] *', '|'), '^ +| +$', '') }}
{%- endmacro %}
