{#- What is shown where a text of an export equals no catalogue's entry: cells may hold anything, also a person. -#}
{% macro ngoai_danh_muc() -%}
    '(ngoài danh mục)'
{%- endmacro %}
