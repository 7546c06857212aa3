{#- Apache Spark as the second engine (docs/mo_rong.md): the same models, built whole, from the raw layer and the seeds as Parquet. -#}

{#- Spark knows no text type by its standard name without a length. -#}
{% macro kieu_spark(sql) -%}
{{ return(sql | replace(' as varchar)', ' as string)')) }}
{%- endmacro %}

{% macro spark__create_table_as(temporary, relation, compiled_code, language='sql') -%}
{%- set cau = kieu_spark(compiled_code) -%}
{%- if config.get('contract').enforced -%}
    {{ get_assert_columns_equivalent(cau) }}
{%- endif -%}
create table {{ relation }} using parquet as
{{ cau }}
{%- endmacro %}

{% macro spark__create_view_as(relation, sql) -%}
{%- set cau = kieu_spark(sql) -%}
{%- if config.get('contract').enforced -%}
    {{ get_assert_columns_equivalent(cau) }}
{%- endif -%}
create or replace view {{ relation }} as
{{ cau }}
{%- endmacro %}

{% macro spark__get_empty_schema_sql(columns) -%}
{{ return(kieu_spark(default__get_empty_schema_sql(columns))) }}
{%- endmacro %}

{#- A table made anew: nothing is taken over from the last build. -#}
{% macro dung_lai_spark() -%}
    {%- set dich = this.incorporate(type='table') -%}
    {%- set co = load_cached_relation(this) -%}
    {%- if co is not none -%}
        {%- do adapter.drop_relation(co) -%}
    {%- endif -%}
    {%- call statement('main') -%} {{ create_table_as(False, dich, sql) }} {%- endcall -%}
    {{ return({'relations': [dich]}) }}
{%- endmacro %}

{% materialization theo_khoa, adapter='spark' %}
    {{ return(dung_lai_spark()) }}
{% endmaterialization %}

{% materialization bang, adapter='spark' %}
    {{ return(dung_lai_spark()) }}
{% endmaterialization %}

{#- What is put in from `thu_muc`, where `python -m pipelines.warehouse.inputs` wrote one folder `<schema>/<table>` of Parquet for every
    source and seed: external tables, made anew each time, since Spark keeps the list of files it has once seen.
    `dbt run-operation dang_ky_dau_vao --target spark --args '{thu_muc: …}'`. -#}
{% macro dang_ky_dau_vao(thu_muc) -%}
    {%- set nut = graph.sources.values() | list + graph.nodes.values() | selectattr('resource_type', 'equalto', 'seed') | list -%}
    {%- for s in nut | map(attribute='schema') | unique -%}
        {%- do run_query('create schema if not exists ' ~ s) -%}
    {%- endfor -%}
    {%- for n in nut -%}
        {%- set ten = n.schema ~ '.' ~ (n.identifier or n.alias) -%}
        {%- do run_query('drop table if exists ' ~ ten) -%}
        {%- do run_query("create table " ~ ten ~ " using parquet location '" ~ thu_muc ~ '/' ~ ten | replace('.', '/') ~ "'") -%}
    {%- endfor -%}
{%- endmacro %}

{#- Every model that stands, as Parquet in `thu_muc`/<schema>/<table>: what other programs read, views among them.
    `dbt run-operation xuat_bang --target spark --args '{thu_muc: …}'`. -#}
{% macro xuat_bang(thu_muc) -%}
    {%- for n in graph.nodes.values() if n.resource_type == 'model' and n.config.materialized not in ['bang_macro', 'ham'] -%}
        {%- if adapter.get_relation(database=none, schema=n.schema, identifier=n.alias) is not none -%}
            {%- do run_query(
                "insert overwrite directory '" ~ thu_muc ~ '/' ~ n.schema ~ '/' ~ n.alias ~ "' using parquet select * from "
                ~ n.schema ~ '.' ~ n.alias
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
