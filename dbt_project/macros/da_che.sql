{#- A name or reason from outside as it may be published: masked where it holds a person (so_cai.ten_hien). -#}
{% macro da_che(cot) -%}
    coalesce((select max(che.hien) from {{ source('so_cai', 'ten_hien') }} as che where che.goc = {{ cot }}), {{ cot }})
{%- endmacro %}
