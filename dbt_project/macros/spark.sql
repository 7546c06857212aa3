{#- Apache Spark as the second engine (docs/mo_rong.md): the same models, from the raw layer and the seeds as Parquet; how they are stored and
    built by increments: theo_thang.sql. -#}

{#- Spark knows no text type by its standard name without a length. -#}
{% macro kieu_spark(sql) -%}
{{ return(modules.re.sub('\\bas varchar\\b', 'as string', sql)) }}
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

{#- A table that is asked with parameters is a function of SQL. A parameter that names a day is a day, any other a text, unless
    `kieu_tham_so` of the model says what it is. -#}
{% materialization bang_macro, adapter='spark' %}
    {%- set tham_so = config.require('tham_so') -%}
    {%- call statement('main') -%}
        create or replace function {{ this }}(
            {%- for t in tham_so -%}
            {{ t }} {{ config.get('kieu_tham_so', {}).get(t, 'date' if t.endswith('_ngay') else 'string') }}{{ ', ' if not loop.last }}
            {%- endfor -%}
        ) returns table return
        {%- if 'tu_ngay' in tham_so %}
        select bieu.*
        from (
            {{ kieu_spark(sql) }}
        ) as bieu
        where {{ kieu_spark(cua_so_dung('tu_ngay', 'den_ngay')) }}
        {%- else %}
        {{ kieu_spark(sql) }}
        {%- endif %}
    {%- endcall %}
    {{ return({'relations': []}) }}
{% endmaterialization %}

{#- A function of texts with one value, a text unless `kieu` of the model says what it is: Spark wants a subquery where it returns a query. -#}
{% materialization ham, adapter='spark' %}
    {%- call statement('main') -%}
        create or replace function {{ this }}({{ config.require('tham_so') | join(' string, ') }} string) returns {{ config.get('kieu', 'string') }}
        return ({{ kieu_spark(sql) }})
    {%- endcall %}
    {{ return({'relations': []}) }}
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
        {%- do dang_ky_bang(thu_muc, n.schema ~ '.' ~ (n.identifier or n.alias)) -%}
    {%- endfor -%}
    {%- do dang_ky_ke_hoach(thu_muc) -%}
{%- endmacro %}

{% macro dang_ky_bang(thu_muc, ten) -%}
    {%- do run_query('drop table if exists ' ~ ten) -%}
    {%- do run_query("create table " ~ ten ~ " using parquet location '" ~ thu_muc ~ '/' ~ ten | replace('.', '/') ~ "'") -%}
{%- endmacro %}

{#- The plan that came with the inputs, and the changed keys of raw tables. What the last build left in `doi` is dropped unless it was of
    these same inputs: a build that is begun again goes on with it. -#}
{% macro dang_ky_ke_hoach(thu_muc) -%}
    {%- for s in ['ke_hoach', 'doi', 'thang'] -%}
        {%- do run_query('create schema if not exists ' ~ s) -%}
    {%- endfor -%}
    {%- set truoc = dau_bang('ke_hoach.lan') -%}
    {%- for ten in ['ke_hoach.lan', 'ke_hoach.cha'] -%}
        {%- do dang_ky_bang(thu_muc, ten) -%}
    {%- endfor -%}
    {%- set lan = lan_dung() -%}
    {%- if truoc.lan != lan.ma -%}
        {%- do run_query('drop schema doi cascade') -%}
        {%- do run_query('create schema doi') -%}
    {%- endif -%}
    {%- for d in run_query("select distinct doi from ke_hoach.cha where cach = 'khoa' and thay_doi = 'khoa'").rows -%}
        {%- do dang_ky_bang(thu_muc, d[0]) -%}
    {%- endfor -%}
    {%- do ghi_dau('ke_hoach.lan', lan, 'khong') -%}
{%- endmacro %}

{#- Every model that stands, as Parquet in `thu_muc`/<schema>/<table>: what other programs read, views among them. Of a function, what
    it answers to the call in the example of its description (`vi_du`).
    `dbt run-operation xuat_bang --target spark --args '{thu_muc: …}'`. -#}
{% macro xuat_bang(thu_muc) -%}
    {%- set ham = [] -%}
    {%- for s in graph.nodes.values() | map(attribute='schema') | unique if adapter.check_schema_exists(none, s) -%}
        {%- for h in run_query('show user functions in ' ~ s) -%}
            {%- do ham.append(h[0].split('.')[-2:] | join('.')) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for n in graph.nodes.values() if n.resource_type == 'model' -%}
        {%- set ten = n.schema ~ '.' ~ n.alias -%}
        {%- if ten in ham -%}
            {%- set goi = modules.re.search(modules.re.escape(ten) ~ '[(][^)]*[)]', n.config.meta.vi_du).group() -%}
            {%- set hoi = 'select * from ' ~ goi if n.config.materialized == 'bang_macro' else 'select ' ~ goi ~ ' as gia_tri' -%}
        {%- elif adapter.get_relation(database=none, schema=n.schema, identifier=n.alias) is not none -%}
            {%- set hoi = 'select * from ' ~ ten -%}
        {%- else -%}
            {%- set hoi = none -%}
        {%- endif -%}
        {%- if hoi -%}
            {%- do run_query("insert overwrite directory '" ~ thu_muc ~ '/' ~ ten | replace('.', '/') ~ "' using parquet " ~ hoi) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
