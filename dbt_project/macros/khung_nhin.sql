{#- Views of the working warehouse name tables in two parts, so that they stand whatever name the file is opened under: a copy
    put back from a backup, an attachment. -#}
{% macro duckdb__create_view_as(relation, sql) -%}
    {%- if config.get('contract').enforced %}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif %}
    create view {{ relation }} as (
        {{ sql | replace('"' ~ this.database ~ '".', '') }}
    );
{%- endmacro %}
