{#- Increments on Spark (docs/mo_rong.md). Parquet tables know no update, so what `theo_khoa` replaces by key is replaced by month
    there: rows lie in `thang.<schema>__<table>`, one folder of files a month (column `thang_luu`, of the column that the model's `thang`
    names; without one all rows are of one), below a view without that column. The changed keys are computed, as on DuckDB; a month
    is written again where a row of it goes or comes, from its rows of other keys and the new ones; the files of other months stay.

    The plan comes with the inputs (`ke_hoach.lan`, `ke_hoach.cha`: pipelines/warehouse/increments.py). What a table stands for is told by
    its own properties: `kho.lan` the inputs it was last brought to, `kho.du_an` the project's text, `kho.doi` what that changed:
    `khong` nothing, `khoa` the rows in `bang_doi()`, `het` anything. -#}

{#- The table that holds the rows of a model. -#}
{% macro bang_that(nut) -%}
    {{ return(('thang.' ~ nut.schema ~ '__' if nut.config.materialized == 'theo_khoa' else nut.schema ~ '.') ~ nut.alias) }}
{%- endmacro %}

{#- What a table says of itself; nothing where there is none. -#}
{% macro dau_bang(bang) -%}
    {%- set dau = {} -%}
    {%- set ten = bang.split('.') -%}
    {%- if run_query("show tables in " ~ ten[0] ~ " like '" ~ ten[1] ~ "'").rows | length -%}
        {%- for d in run_query('show tblproperties ' ~ bang).rows if d[0].startswith('kho.') -%}
            {%- do dau.update({d[0][4:]: d[1]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(dau) }}
{%- endmacro %}

{#- A table of a parent that was not brought to these inputs (left out by `--select`) stands for none itself. -#}
{% macro ghi_dau(bang, lan, doi) -%}
    {%- set la_mo_hinh = model and model.unique_id in graph.nodes -%}
    {%- set lan = none if la_mo_hinh and lan and not cha_deu_moi(lan) else lan -%}
    {%- set dau = {'lan': lan.ma if lan else '', 'du_an': lan.du_an if lan else '', 'doi': doi} -%}
    {%- do run_query(
        "alter table " ~ bang ~ " set tblproperties ('kho.lan' = '" ~ dau.lan ~ "', 'kho.du_an' = '" ~ dau.du_an ~ "', 'kho.doi' = '" ~ doi ~ "')"
    ) -%}
    {%- if la_mo_hinh -%}
        {%- do graph.nodes[model.unique_id].update({'dau': dau}) -%}
    {%- endif -%}
{%- endmacro %}

{#- The inputs that are registered, and those before them; asked once a process of dbt, as what a parent says of itself is. -#}
{% macro lan_dung() -%}
    {%- if 'lan_dung' not in graph -%}
        {%- set d = run_query(
            kieu_spark('select ma, ma_nen, du_an, cast(ngay as varchar) as ngay, cast(ngay_nen as varchar) as ngay_nen from ke_hoach.lan')
        ).rows[0] -%}
        {%- do graph.update({'lan_dung': {'ma': d[0], 'ma_nen': d[1], 'du_an': d[2], 'ngay': d[3], 'ngay_nen': d[4]}}) -%}
    {%- endif -%}
    {{ return(graph['lan_dung']) }}
{%- endmacro %}

{#- How the model is built, by the same rules as on DuckDB, kept with the model: dbt asks when it compiles and when it builds. -#}
{% macro spark__che_do_dung() -%}
    {%- set nut = graph.nodes[model.unique_id] -%}
    {%- if 'ke' not in nut -%}
        {%- do nut.update({'ke': ke_cua(lan_dung(), dau_bang(bang_that(model)))}) -%}
    {%- endif -%}
    {{ return(nut['ke'].che_do) }}
{%- endmacro %}

{#- `tu_khoa`: the parents that lead to keys, `so_duoc`: whether what stands is the state of the last build. -#}
{% macro ke_cua(lan, dau) -%}
    {%- set ke = {'che_do': 'giu', 'dau': dau, 'tu_khoa': [], 'so_duoc': false} -%}
    {%- if dau.lan == lan.ma -%}
        {{ return(ke) }}
    {%- endif -%}
    {%- if not lan.ma_nen or dau.lan != lan.ma_nen or dau.du_an != lan.du_an -%}
        {{ return(dict(ke, che_do='toan_bo')) }}
    {%- endif -%}
    {%- for cha, cach, lay, doi, thay_doi in cha_cua() -%}
        {%- if cach == 'ngay' -%}
            {%- set toi = 'het' if lan.ngay < lan.ngay_nen else ('khoa' if lan.ngay > lan.ngay_nen else 'khong') -%}
        {%- else -%}
            {%- set toi = thay_doi_cua(cha, lan) if cha.startswith('model.') else thay_doi -%}
        {%- endif -%}
        {%- if toi == 'het' or (cach == 'het' and toi != 'khong') -%}
            {%- do ke.update({'che_do': 'toan_bo'}) -%}
        {%- elif toi == 'khoa' -%}
            {%- do ke.update({'che_do': 'mot_phan' if ke.che_do == 'giu' else ke.che_do}) -%}
            {%- if cach == 'khoa' -%}
                {%- do ke.tu_khoa.append([doi, lay]) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(dict(ke, so_duoc=not config.get('contract').enforced)) }}
{%- endmacro %}

{#- The parents of the model in the plan; those of all are asked for at once. -#}
{% macro cha_cua() -%}
    {%- if 'cha_cua' not in graph -%}
        {%- set cua = {} -%}
        {%- for nut, cha, cach, lay, doi, thay_doi in run_query(
            'select nut, cha, cach, lay, doi, thay_doi from ke_hoach.cha order by nut, cha'
        ).rows -%}
            {%- do cua.setdefault(nut, []).append([cha, cach, lay, doi, thay_doi]) -%}
        {%- endfor -%}
        {%- do graph.update({'cha_cua': cua}) -%}
    {%- endif -%}
    {{ return(graph['cha_cua'].get(model.unique_id, [])) }}
{%- endmacro %}

{% macro cha_deu_moi(lan) -%}
    {%- for cha in cha_cua() if cha[0].startswith('model.') and dau_cua(cha[0]).lan != lan.ma -%}
        {{ return(false) }}
    {%- endfor -%}
    {{ return(true) }}
{%- endmacro %}

{% macro dau_cua(cha) -%}
    {%- set nut = graph.nodes[cha] -%}
    {%- if 'dau' not in nut -%}
        {%- do nut.update({'dau': dau_bang(bang_that(nut))}) -%}
    {%- endif -%}
    {{ return(nut['dau']) }}
{%- endmacro %}

{#- What this build changed of a parent; one that was not brought to these inputs may have changed in any way. -#}
{% macro thay_doi_cua(cha, lan) -%}
    {%- set dau = dau_cua(cha) -%}
    {{ return(dau.doi if dau.lan == lan.ma else 'het') }}
{%- endmacro %}

{% materialization theo_khoa, adapter='spark' %}
    {%- set che_do = che_do_dung() -%}
    {%- if che_do == 'mot_phan' -%}
        {%- do thay_thang(bang_that(model), sql) -%}
    {%- elif che_do == 'toan_bo' -%}
        {%- do dung_theo_thang(bang_that(model), sql) -%}
    {%- else -%}
        {%- do giu_spark() -%}
    {%- endif -%}
    {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmaterialization %}

{% materialization bang, adapter='spark' %}
    {%- set dich = this.incorporate(type='table') -%}
    {%- if che_do_dung() == 'giu' -%}
        {%- do giu_spark() -%}
    {%- elif graph.nodes[model.unique_id]['ke'].so_duoc -%}
        {%- do thay_neu_khac_spark(dich, sql) -%}
    {%- else -%}
        {%- do dung_lai_spark(dich, sql) -%}
    {%- endif -%}
    {{ return({'relations': [dich]}) }}
{% endmaterialization %}

{#- A table that tells of the night: always built whole. -#}
{% materialization bang_moi, adapter='spark' %}
    {%- set dich = this.incorporate(type='table') -%}
    {%- do dung_lai_spark(dich, sql) -%}
    {{ return({'relations': [dich]}) }}
{% endmaterialization %}

{% macro giu_spark() -%}
    {%- if graph.nodes[model.unique_id]['ke'].dau.lan != lan_dung().ma -%}
        {%- do ghi_dau(bang_that(model), lan_dung(), 'khong') -%}
    {%- endif -%}
    {%- call noop_statement('main', 'giu') -%} select 1 {%- endcall -%}
{%- endmacro %}

{#- A table made anew: nothing is taken over from the last build. -#}
{% macro dung_lai_spark(dich, sql) -%}
    {%- set co = load_cached_relation(this) -%}
    {%- if co is not none -%}
        {%- do adapter.drop_relation(co) -%}
    {%- endif -%}
    {%- call statement('main') -%} {{ create_table_as(False, dich, sql) }} {%- endcall -%}
    {%- do ghi_dau(bang_that(model), lan_dung(), 'het') -%}
{%- endmacro %}

{#- As `thay_neu_khac`: a table that comes out as it stood is left as it stood, with what is below it. -#}
{% macro thay_neu_khac_spark(dich, sql) -%}
    {%- set moi = bang_cho() -%}
    {%- do bang_tam(moi, sql) -%}
    {%- do bang_tam(bang_doi(), cau_khac(moi, 'select * from ' ~ dich)) -%}
    {%- if run_query('select count(*) from ' ~ bang_doi()).rows[0][0] == 0 -%}
        {%- do ghi_dau(bang_that(model), lan_dung(), 'khong') -%}
        {%- call noop_statement('main', 'nhu cu') -%} select 1 {%- endcall -%}
    {%- else -%}
        {%- do adapter.drop_relation(load_cached_relation(this)) -%}
        {%- call statement('main') -%} create table {{ dich }} using parquet as select * from {{ moi }} {%- endcall -%}
        {%- do ghi_dau(bang_that(model), lan_dung(), 'khoa') -%}
    {%- endif -%}
    {%- do run_query('drop table if exists ' ~ moi) -%}
{%- endmacro %}

{% macro dung_theo_thang(bang, sql) -%}
    {%- set co = load_cached_relation(this) -%}
    {%- if co is not none and co.is_table -%}
        {%- do adapter.drop_relation(co) -%}
    {%- endif -%}
    {%- do run_query('drop table if exists ' ~ bang) -%}
    {%- call statement('main') -%}
        create table {{ bang }} using parquet partitioned by (thang_luu) as
        select * from ({{ kieu_spark(them_thang(sql)) }}) as t distribute by thang_luu
    {%- endcall -%}
    {%- set cot = run_query('select * from ' ~ bang ~ ' limit 0').column_names | reject('equalto', 'thang_luu') | join(', ') -%}
    {%- do run_query('create or replace view ' ~ this ~ ' as select ' ~ cot ~ ' from ' ~ bang) -%}
    {%- do ghi_dau(bang, lan_dung(), 'het') -%}
{%- endmacro %}

{#- The touched keys computed and set against their rows as they stand; then the months in which a row goes or comes, and no other, are
    written again. Meanwhile the table stands for nothing: what dies here is built whole. -#}
{% macro thay_thang(bang, sql) -%}
    {%- set khoa, moi = config.require('khoa'), bang_cho() -%}
    {%- do bang_tam(bang_khoa(), 'select distinct khoa from (' ~ spark__khoa_bi_cham() ~ ') as k where khoa is not null') -%}
    {%- do bang_tam(moi, 'select * from (' ~ them_thang(sql) ~ ') as t where ' ~ khoa ~ ' in (select khoa from ' ~ bang_khoa() ~ ')') -%}
    {%- do bang_tam(
        bang_doi(), cau_khac(moi, 'select * from ' ~ bang ~ ' where ' ~ khoa ~ ' in (select khoa from ' ~ bang_khoa() ~ ')')
    ) -%}
    {%- set thang = run_query(cau_thang(bang, bang_doi())).rows -%}
    {%- if thang | length -%}
        {%- do ghi_dau(bang, none, 'het') -%}
        {%- for t in thang if t[1] == 0 -%}
            {%- do run_query("alter table " ~ bang ~ " drop if exists partition (thang_luu = '" ~ t[0] ~ "')") -%}
        {%- endfor -%}
        {%- do run_query(
            'insert overwrite table ' ~ bang ~ ' partition (thang_luu) select * from ('
            ~ cau_thay(bang, moi, khoa, bang_khoa(), thang | map(attribute=0) | list) ~ ') as t distribute by thang_luu'
        ) -%}
    {%- endif -%}
    {%- do ghi_dau(bang, lan_dung(), 'khoa' if thang | length else 'khong') -%}
    {%- do run_query('drop table if exists ' ~ moi) -%}
    {%- call noop_statement('main', 'theo thang: ' ~ thang | length) -%} select 1 {%- endcall -%}
{%- endmacro %}

{% macro bang_cho() -%}
doi.moi__{{ this.schema }}__{{ this.identifier }}
{%- endmacro %}

{% macro bang_tam(ten, sql) -%}
    {%- do run_query('drop table if exists ' ~ ten) -%}
    {%- do run_query('create table ' ~ ten ~ ' using parquet as ' ~ kieu_spark(sql)) -%}
{%- endmacro %}

{#- The month of a row is the first seven signs of a day, of a time or of a month (`2025-07`). -#}
{% macro them_thang(sql) -%}
select m.*, {{ "coalesce(substr(cast(m." ~ config.get('thang') ~ " as varchar), 1, 7), 'khong')" if config.get('thang') else "'khong'" }} as thang_luu
from (
{{ sql }}
) as m
{%- endmacro %}

{#- Rows that came (`_dau` 1) and went (-1). -#}
{% macro cau_khac(moi, cu) -%}
select *, cast(1 as integer) as _dau from (select * from {{ moi }} except all {{ cu }}) as a
union all
select *, cast(-1 as integer) as _dau from ({{ cu }} except all select * from {{ moi }}) as b
{%- endmacro %}

{#- The months in which a row goes or comes, and how many rows each will have. -#}
{% macro cau_thang(bang, doi) -%}
select d.thang_luu, coalesce(c.so_dong, 0) + d.them as con_lai
from (select thang_luu, sum(_dau) as them from {{ doi }} group by thang_luu) as d
left join (select thang_luu, count(*) as so_dong from {{ bang }} group by thang_luu) as c on d.thang_luu = c.thang_luu
order by d.thang_luu nulls last
{%- endmacro %}

{#- The rows of `thang` as they will be. -#}
{% macro cau_thay(bang, moi, khoa, bang_khoa, thang) -%}
{%- set trong = "thang_luu in ('" ~ thang | join("', '") ~ "')" -%}
select c.* from {{ bang }} as c left join {{ bang_khoa }} as k on c.{{ khoa }} = k.khoa where c.{{ trong }} and k.khoa is null
union all
select * from {{ moi }} where {{ trong }}
{%- endmacro %}

{% macro spark__khoa_bi_cham() -%}
    {%- set cau = [] -%}
    {%- for doi, lay in graph.nodes[model.unique_id]['ke'].tu_khoa -%}
        {%- do cau.append(
            'select khoa from (' ~ (lay | replace('{doi}', doi) if ' ' in lay else 'select ' ~ lay ~ ' from ' ~ doi) ~ ') as k(khoa)'
        ) -%}
    {%- endfor -%}
    {%- set lan = lan_dung() -%}
    {%- if lan.ngay > lan.ngay_nen -%}
        {%- for lay in config.get('theo_ngay') or [] -%}
            {%- set tu, den = "date '" ~ lan.ngay_nen ~ "'", "date '" ~ lan.ngay ~ "'" -%}
            {%- do cau.append('select khoa from (' ~ (lay | replace('{tu}', tu) | replace('{den}', den)) ~ ') as k(khoa)') -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(kieu_spark(cau | join(' union ') if cau else 'select ' ~ config.require('khoa') ~ ' as khoa from ' ~ this ~ ' where false')) }}
{%- endmacro %}
