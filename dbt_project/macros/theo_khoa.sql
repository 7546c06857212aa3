{#- Tables that cost what changed (docs/hieu_nang.md). Python writes the night's plan into so_cai.dung, nut_ma and nut_cha before dbt
    starts (pipelines/warehouse/plan.py); here each model decides, once its parents stand, how it is built:
    `giu` nothing it is made of has changed; `mot_phan` the keys that its parents say they changed are replaced; `toan_bo` all of it.

    Config of a `theo_khoa` model: `khoa`, the column by which it is replaced; `theo`, parent → the parent's column with that key,
    or a select that leads from the parent's changed rows (`{doi}`) to keys; `theo_ngay`, selects of the keys that a later
    as-of day moves ({tu}, {den}: the day of the last build and of this one); `da_tinh`, ledger tables whose effect the keys of
    the raw layer hold already. A parent in none of them that changed means `toan_bo`. `thang`: the column whose month a row is stored
    by on Spark (theo_thang.sql). -#}

{#- How this model is built tonight. -#}
{% macro che_do_dung() -%}
    {%- if not execute or model.resource_type != 'model' -%}
        {{ return('toan_bo') }}
    {%- endif -%}
    {%- if 'che_do_dung' not in model -%}
        {%- do model.update({'che_do_dung': adapter.dispatch('hoi_che_do')()}) -%}
    {%- endif -%}
    {{ return(model['che_do_dung']) }}
{%- endmacro %}

{#- Spark's, which replaces by month: theo_thang.sql. -#}
{% macro duckdb__hoi_che_do() -%}
    {%- set co = load_cached_relation(this) -%}
    {%- if co is none or not co.is_table -%}
        {{ return('toan_bo') }}
    {%- endif -%}
    {%- set nut = "'" ~ model.unique_id ~ "'" -%}
    {%- set tim = run_query(
        "select case "
        ~ "when not d.dang_dung then 'toan_bo' when m.lan = d.lan then 'giu' "
        ~ "when d.toan_bo or d.lan_nen is null or m.lan is distinct from d.lan_nen or m.dau_ma is distinct from a.dau_ma then 'toan_bo' "
        ~ "when exists (select 1 from so_cai.nut_cha as c left join so_cai.nut_dung as p on c.cha = p.nut where c.nut = " ~ nut
        ~ " and (p.nut is null or (c.cach = 'het' and p.doi_lan > d.lan_nen) or (c.cach = 'khoa' and p.toan_lan > d.lan_nen) "
        ~ "or (c.cach = 'ngay' and d.ngay < d.ngay_nen))) then 'toan_bo' "
        ~ "when exists (select 1 from so_cai.nut_cha as c inner join so_cai.nut_dung as p on c.cha = p.nut where c.nut = " ~ nut
        ~ " and ((c.cach = 'khoa' and p.doi_lan > d.lan_nen) or (c.cach = 'ngay' and d.ngay > d.ngay_nen))) then 'mot_phan' "
        ~ "else 'giu' end "
        ~ "from so_cai.dung as d left join so_cai.nut_dung as m on m.nut = " ~ nut
        ~ " left join so_cai.nut_ma as a on a.nut = " ~ nut
    ) -%}
    {{ return(tim.rows[0][0] if tim.rows | length else 'toan_bo') }}
{%- endmacro %}

{#- `quan_he` or, where only changed keys are replaced, its rows with such a key in `cot`. -#}
{% macro phan_doi(quan_he, cot) -%}
    {%- if che_do_dung() == 'mot_phan' -%}
        (select * from {{ quan_he }} where {{ cot }} in (select khoa from {{ bang_khoa() }}))
    {%- else -%}
        {{ quan_he }}
    {%- endif -%}
{%- endmacro %}

{#- `dieu_kien` where only changed keys are replaced, else true. -#}
{% macro chi_khi_mot_phan(dieu_kien) -%}
    {{ dieu_kien if che_do_dung() == 'mot_phan' else 'true' }}
{%- endmacro %}

{% macro bang_khoa() -%}
doi.khoa__{{ this.schema }}__{{ this.identifier }}
{%- endmacro %}

{% macro bang_doi() -%}
doi.{{ this.schema }}__{{ this.identifier }}
{%- endmacro %}

{% materialization theo_khoa, adapter='duckdb' %}
    {%- set dich = this.incorporate(type='table') -%}
    {%- set che_do = che_do_dung() -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if che_do == 'mot_phan' -%}
        {%- set doi = thay_phan(dich, sql, config.require('khoa')) -%}
        {{ ghi_nut(doi=doi) }}
    {%- elif che_do == 'toan_bo' -%}
        {{ thay_bang(dich, sql) }}
        {% do persist_docs(dich, model) %}
        {{ ghi_nut(doi=true, toan_bo=true) }}
    {%- else -%}
        {{ giu_nguyen() }}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [dich]}) }}
{% endmaterialization %}

{#- A table built whole whenever something it is made of has changed. One without a contract (an intermediate) is set against what
    stood before: where nothing differs it counts as unchanged, else what differs is there for those below it. -#}
{% materialization bang, adapter='duckdb' %}
    {%- set dich = this.incorporate(type='table') -%}
    {%- set che_do = che_do_dung() -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if che_do == 'giu' -%}
        {{ giu_nguyen() }}
    {%- elif so_duoc(dich) -%}
        {%- set doi = thay_neu_khac(dich, sql) -%}
        {{ ghi_nut(doi=doi) }}
    {%- else -%}
        {{ thay_bang(dich, sql) }}
        {% do persist_docs(dich, model) %}
        {{ ghi_nut(doi=true, toan_bo=true) }}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [dich]}) }}
{% endmaterialization %}

{% macro giu_nguyen() -%}
    {%- call statement('main') -%} select 1 {%- endcall -%}
    {{ ghi_nut() }}
{%- endmacro %}

{#- Whether what stands is the state of the last build, so that a difference to it is a difference since then. -#}
{% macro so_duoc(dich) -%}
    {%- if config.get('contract').enforced or load_cached_relation(this) is none or not load_cached_relation(this).is_table -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set tim = run_query(
        "select 1 from so_cai.dung as d inner join so_cai.nut_dung as m on m.nut = '" ~ model.unique_id ~ "' inner join so_cai.nut_ma as a "
        ~ "on a.nut = m.nut where d.dang_dung and not d.toan_bo and m.lan = d.lan_nen and m.dau_ma = a.dau_ma"
    ) -%}
    {{ return(tim.rows | length > 0) }}
{%- endmacro %}

{#- The model's line in so_cai.nut_dung, in the transaction that built it: `doi_lan` the run that last changed it, `toan_lan` the run
    that last did so without saying which rows. Outside a planned night it stands as of no run: the next night builds it whole. -#}
{% macro ghi_nut(doi=false, toan_bo=false) -%}
    {%- set nut = "'" ~ model.unique_id ~ "'" -%}
    {%- set lan = "d.lan" -%}
    {%- do run_query(
        "update so_cai.nut_dung set lan = case when d.dang_dung then d.lan end"
        ~ (", doi_lan = d.lan" if doi else "") ~ (", toan_lan = d.lan" if toan_bo else "")
        ~ ", dau_ma = (select a.dau_ma from so_cai.nut_ma as a where a.nut = " ~ nut ~ ") from so_cai.dung as d where nut_dung.nut = " ~ nut
    ) -%}
{%- endmacro %}

{#- The whole table anew. -#}
{% macro thay_bang(dich, sql) -%}
    {%- set co = load_cached_relation(this) -%}
    {%- if co is not none and not co.is_table -%}
        {%- do adapter.drop_relation(co) -%}
    {%- endif -%}
    {%- call statement('bo') -%} drop table if exists {{ dich }} {%- endcall -%}
    {%- call statement('main') -%} {{ create_table_as(False, dich, sql) }} {%- endcall -%}
    {%- call statement('bo_doi') -%} drop table if exists {{ bang_doi() }} {%- endcall -%}
{%- endmacro %}

{#- The changed keys replaced; {{ bang_doi() }} holds the rows that went (`_dau` -1) and came (1). Whether any row did. -#}
{% macro thay_phan(dich, sql, khoa) -%}
    {%- call statement('khoa') -%}
        create or replace table {{ bang_khoa() }} as
        select distinct khoa from ({{ khoa_bi_cham() }}) as k where khoa is not null
    {%- endcall -%}
    {%- call statement('moi') -%}
        create or replace temp table phan_moi as
        select * from (
            {{ sql }}
        ) as m
        where {{ khoa }} in (select khoa from {{ bang_khoa() }})
    {%- endcall -%}
    {%- call statement('cu') -%}
        create or replace temp table phan_cu as select * from {{ dich }} where {{ khoa }} in (select khoa from {{ bang_khoa() }})
    {%- endcall -%}
    {{ return(ap_dung_khac(dich, "in (select " ~ khoa ~ " from " ~ bang_doi() ~ ")", khoa)) }}
{%- endmacro %}

{#- The whole table computed, set against what stands and put in its place where anything differs. Whether anything does. -#}
{% macro thay_neu_khac(dich, sql) -%}
    {%- call statement('moi') -%} create or replace temp table phan_moi as {{ sql }} {%- endcall -%}
    {%- call statement('cu') -%} create or replace temp table phan_cu as select * from {{ dich }} {%- endcall -%}
    {{ return(ap_dung_khac(dich, none, none)) }}
{%- endmacro %}

{% macro ap_dung_khac(dich, chon, khoa) -%}
    {%- call statement('khac') -%}
        create or replace table {{ bang_doi() }} as
        select *, cast(1 as integer) as _dau from (select * from phan_moi except all select * from phan_cu) as a
        union all
        select *, cast(-1 as integer) as _dau from (select * from phan_cu except all select * from phan_moi) as b
    {%- endcall -%}
    {%- set so_dong = run_query("select count(*) from " ~ bang_doi()).rows[0][0] -%}
    {%- if so_dong == 0 -%}
        {%- call statement('main') -%} select 1 {%- endcall -%}
    {%- elif chon is none -%}
        {%- call statement('main') -%} create or replace table {{ dich }} as select * from phan_moi {%- endcall -%}
    {%- else -%}
        {%- call statement('xoa') -%} delete from {{ dich }} where {{ khoa }} {{ chon }} {%- endcall -%}
        {%- call statement('main') -%} insert into {{ dich }} select * from phan_moi where {{ khoa }} {{ chon }} {%- endcall -%}
    {%- endif -%}
    {{ return(so_dong > 0) }}
{%- endmacro %}

{#- Keys that changed parents and the as-of day touch, as a query. -#}
{% macro khoa_bi_cham() -%}
    {%- set tim = run_query(
        "select c.bang_doi, c.lay from so_cai.nut_cha as c inner join so_cai.nut_dung as p on c.cha = p.nut cross join so_cai.dung as d "
        ~ "where c.nut = '" ~ model.unique_id ~ "' and c.cach = 'khoa' and p.doi_lan > d.lan_nen order by all"
    ) -%}
    {%- set cau = [] -%}
    {%- for bang, lay in tim.rows -%}
        {%- if ' ' in lay -%}
            {%- do cau.append("select khoa from (" ~ (lay | replace('{doi}', bang)) ~ ") as k(khoa)") -%}
        {%- else -%}
            {%- do cau.append("select " ~ lay ~ " as khoa from " ~ bang) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set ngay = run_query("select ngay_nen, ngay from so_cai.dung where ngay > ngay_nen") -%}
    {%- for tu, den in ngay.rows -%}
        {%- for lay in config.get('theo_ngay', []) -%}
            {%- do cau.append("select khoa from (" ~ (lay | replace('{tu}', "date '" ~ tu ~ "'") | replace('{den}', "date '" ~ den ~ "'")) ~ ") as k(khoa)") -%}
        {%- endfor -%}
    {%- endfor -%}
    {#- None, where only the day has moved and moves no row of this model: none of the key's own type. -#}
    {{ return(cau | join(' union ') if cau else 'select ' ~ config.require('khoa') ~ ' as khoa from ' ~ this ~ ' where false') }}
{%- endmacro %}
