{#- Whole part of a quotient of two positive integers, in integers. -#}
{% macro chia_nguyen(tu, mau) -%}
    {{ return(adapter.dispatch('chia_nguyen')(tu, mau)) }}
{%- endmacro %}

{% macro duckdb__chia_nguyen(tu, mau) -%}
(({{ tu }}) // ({{ mau }}))
{%- endmacro %}

{% macro spark__chia_nguyen(tu, mau) -%}
(({{ tu }}) div ({{ mau }}))
{%- endmacro %}
