{#- Normal form of an agency's name: without marks, “và”, and “UBND” before it (`Sở NN&PTNT` → `so nn ptnt`). -#}
{% macro ten_don_vi_chuan(x) -%}
{{ thay_mau(thay_mau(dang_chuan(x), ' va ', ' '), '^(ubnd|uy ban nhan dan) ', '') }}
{%- endmacro %}

{#- True where `dia_ban` (normal form, empty: not told) is the province of the list of agencies, or its end (“Bắc Giang”). -#}
{% macro cung_tinh(dia_ban) -%}
coalesce({{ dia_ban }} = '' or exists (
    select 1
    from {{ ref('stg_dvc__co_quan') }} as c
    where c.ma_don_vi_cha is null and {{ dang_chuan('c.ten_don_vi') }} like concat_ws('', '%', {{ dia_ban }})
), false)
{%- endmacro %}
