{#- Stem of a file name, so that `thieu_cot (1).csv`, `Thiếu cột_v2.xlsx` and `thieu cot - ban sua.csv` are one file sent again.

    The path and the extension go; letters are compared without case, marks, spaces and punctuation; endings that only say
    “again” or “corrected” go, also several of them. A number that is part of the name (`ho_so_2`) stays. -#}
{% macro ten_tep_goc(ten_tep) -%}
    {{ return(adapter.dispatch('ten_tep_goc')(ten_tep)) }}
{%- endmacro %}

{% macro default__ten_tep_goc(ten_tep) -%}
{%- set ten = "regexp_replace(regexp_replace(" ~ bo_dau("nfc_normalize(" ~ ten_tep ~ ")") ~ ", '^.*/', ''), '[.][a-z0-9]{1,7}$', '')" -%}
{%- set duoi = [
    '[(][ ]*[0-9]{1,3}[ ]*[)]',
    '[ _-]v(er(sion)?)?[ ._-]*[0-9]{1,3}([.][0-9]{1,3})?',
    '[ _-](copy|ban[ _-]*sao|ban[ _-]*sua|ban[ _-]*moi|da[ _-]*sua|sua[ _-]*lai|gui[ _-]*lai|nop[ _-]*lai|chinh[ _-]*sua|sua|moi|final)[ _-]*[0-9]{0,2}',
    '[ _-]lan[ _-]*[0-9]{1,2}',
] -%}
regexp_replace(
    regexp_replace({{ ten }}, '([ _-]*({{ duoi | join("|") }})[ _-]*)+$', ''),
    '[^a-z0-9]+', '', 'g'
)
{%- endmacro %}
