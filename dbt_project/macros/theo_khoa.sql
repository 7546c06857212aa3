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
    {{ return(adapter.dispatch('che_do_dung')() if execute and model.resource_type == 'model' else 'toan_bo') }}
{%- endmacro %}

{#- Spark's, which replaces by month: theo_thang.sql. -#}
{% macro duckdb__che_do_dung() -%}
    {{ return(ke_hoach().che_do) }}
{%- endmacro %}

{#- What the plan says of this model, asked once: `che_do`; `so_duoc`, whether what stands is the state of the last build, so that a
    difference to it is a difference since then; `khoa`, a query of the keys that changed parents touch; `tu` and `den`, where a later
    as-of day may move keys. -#}
{% macro ke_hoach() -%}
    {%- if 'ke_hoach' not in model -%}
        {%- set co = load_cached_relation(this) -%}
        {%- if co is none or not co.is_table -%}
            {%- do model.update({'ke_hoach': {'che_do': 'toan_bo', 'so_duoc': false}}) -%}
        {%- else -%}
            {%- do model.update({'ke_hoach': hoi_ke_hoach()}) -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(model['ke_hoach']) }}
{%- endmacro %}

{#- One row a parent. The joins alone are half of what DuckDB takes for a query that also decides. -#}
{% macro hoi_ke_hoach() -%}
    {%- set nut = "'" ~ model.unique_id ~ "'" -%}
    {%- set tim = run_query(
        "select d.dang_dung, coalesce(m.lan = d.lan, false) as da_xong, "
        ~ "d.toan_bo or d.lan_nen is null or m.lan is distinct from d.lan_nen or m.dau_ma is distinct from a.dau_ma as mat_nen, "
        ~ "case when d.ngay > d.ngay_nen then d.ngay_nen end as tu, case when d.ngay > d.ngay_nen then d.ngay end as den, "
        ~ "coalesce(c.nut is not null and (p.nut is null or (c.cach = 'het' and p.doi_lan > d.lan_nen) "
        ~ "or (c.cach = 'khoa' and p.toan_lan > d.lan_nen) or (c.cach = 'ngay' and d.ngay < d.ngay_nen)), false) as doi_het, "
        ~ "coalesce((c.cach = 'khoa' and p.doi_lan > d.lan_nen) or (c.cach = 'ngay' and d.ngay > d.ngay_nen), false) as doi_phan, "
        ~ "case when c.cach = 'khoa' and p.doi_lan > d.lan_nen then case when contains(c.lay, ' ') "
        ~ "then 'select khoa from (' || replace(c.lay, '{doi}', c.bang_doi) || ') as k(khoa)' "
        ~ "else 'select ' || c.lay || ' as khoa from ' || c.bang_doi end end as khoa "
        ~ "from so_cai.dung as d left join so_cai.nut_dung as m on m.nut = " ~ nut
        ~ " left join so_cai.nut_ma as a on a.nut = " ~ nut ~ " left join so_cai.nut_cha as c on c.nut = " ~ nut
        ~ " left join so_cai.nut_dung as p on p.nut = c.cha order by c.bang_doi, c.lay"
    ) -%}
    {%- set nen = tim.rows[0] if tim.rows | length else none -%}
    {%- if nen is none or not nen['dang_dung'] -%}
        {{ return({'che_do': 'toan_bo', 'so_duoc': false}) }}
    {%- endif -%}
    {%- if nen['da_xong'] -%}
        {%- set che_do = 'giu' -%}
    {%- elif nen['mat_nen'] or true in tim.columns['doi_het'].values() -%}
        {%- set che_do = 'toan_bo' -%}
    {%- else -%}
        {%- set che_do = 'mot_phan' if true in tim.columns['doi_phan'].values() else 'giu' -%}
    {%- endif -%}
    {%- set khoa = tim.columns['khoa'].values() | select | join(' union ') -%}
    {{ return({'che_do': che_do, 'so_duoc': not nen['mat_nen'], 'khoa': khoa, 'tu': nen['tu'], 'den': nen['den']}) }}
{%- endmacro %}

{#- `quan_he` or, where only changed keys are replaced, its rows with such a key in `cot`. -#}
{% macro phan_doi(quan_he, cot) -%}
    {%- if che_do_dung() == 'mot_phan' -%}
        ({{ adapter.dispatch('dong_co_khoa')(quan_he, cot) }})
    {%- else -%}
        {{ quan_he }}
    {%- endif -%}
{%- endmacro %}

{% macro dong_theo_gia_tri(quan_he, cot) -%}
    select * from {{ quan_he }} where {{ cot }} in (select khoa from {{ bang_khoa() }})
{%- endmacro %}

{% macro spark__dong_co_khoa(quan_he, cot) -%}
    {{ dong_theo_gia_tri(quan_he, cot) }}
{%- endmacro %}

{#- DuckDB reads all columns of a table that it joins by text. So the numbers of the rows are found by the key's column alone, and the rest is
    read where such a row lies (`tim_theo_so_hang`). Months are few, and are found by the zones of their column. -#}
{% macro duckdb__dong_co_khoa(quan_he, cot) -%}
    {%- set nut = graph.nodes.get('model.kho06.' ~ quan_he.identifier) -%}
    {%- if cot == 'ky' or (nut and nut.config.materialized == 'view') -%}
        {{ dong_theo_gia_tri(quan_he, cot) }}
    {%- else -%}
        select * from {{ quan_he }}
        where rowid in (select rowid from {{ quan_he }} where {{ cot }} in (select khoa from {{ bang_khoa() }}))
    {%- endif -%}
{%- endmacro %}

{#- So many numbers of rows DuckDB takes to the scan as a list; above that it reads every row. -#}
{% macro tim_theo_so_hang() -%}
    set dynamic_or_filter_threshold = 20000
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
        {{ thay_phan(dich, sql, config.require('khoa')) }}
    {%- elif che_do == 'toan_bo' -%}
        {{ thay_bang(dich, sql) }}
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
    {%- elif ke_hoach().so_duoc and not config.get('contract').enforced -%}
        {{ thay_neu_khac(dich, sql) }}
    {%- else -%}
        {{ thay_bang(dich, sql) }}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [dich]}) }}
{% endmaterialization %}

{#- A table that tells of the night: no plan, built whole in one transaction. dbt's own `table` builds beside and renames, by five times
    the statements. -#}
{% materialization bang_moi, adapter='duckdb' %}
    {%- set dich = this.incorporate(type='table') -%}
    {{ bo_khac_bang() }}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        drop table if exists {{ dich }};
        {{ create_table_as(False, dich, sql) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [dich]}) }}
{% endmaterialization %}

{#- Of an earlier version something else than a table may stand by this name. -#}
{% macro bo_khac_bang() -%}
    {%- set co = load_cached_relation(this) -%}
    {%- if co is not none and not co.is_table -%}
        {%- do adapter.drop_relation(co) -%}
    {%- endif -%}
{%- endmacro %}

{#- Each of the following is few statements: what dbt itself spends on one is more than most of them cost. -#}
{% macro giu_nguyen() -%}
    {%- call statement('main') -%} {{ ghi_nut() }} {%- endcall -%}
{%- endmacro %}

{#- The model's line in so_cai.nut_dung, in the transaction that built it: `doi_lan` the run that last changed it, `toan_lan` the run
    that last did so without saying which rows. Outside a planned night it stands as of no run: the next night builds it whole. -#}
{% macro ghi_nut(doi=false, toan_bo=false) -%}
    {%- set nut = "'" ~ model.unique_id ~ "'" -%}
    update so_cai.nut_dung set lan = case when d.dang_dung then d.lan end
    {{- ", doi_lan = d.lan" if doi else "" }}{{ ", toan_lan = d.lan" if toan_bo else "" -}}
    , dau_ma = (select a.dau_ma from so_cai.nut_ma as a where a.nut = {{ nut }}) from so_cai.dung as d where nut_dung.nut = {{ nut }}
{%- endmacro %}

{#- The whole table anew. -#}
{% macro thay_bang(dich, sql) -%}
    {{ bo_khac_bang() }}
    {%- call statement('main') -%}
        drop table if exists {{ dich }};
        {{ create_table_as(False, dich, sql) }}
        drop table if exists {{ bang_doi() }};
        {{ ghi_nut(doi=true, toan_bo=true) }}
    {%- endcall -%}
{%- endmacro %}

{#- The changed keys replaced; {{ bang_doi() }} holds the rows that went (`_dau` -1) and came (1). -#}
{% macro thay_phan(dich, sql, khoa) -%}
    {%- set dau -%}
        {{ tim_theo_so_hang() }};
        create or replace table {{ bang_khoa() }} as
        select distinct khoa from ({{ khoa_bi_cham() }}) as k where khoa is not null;
        create or replace temp table phan_moi as
        select * from (
            {{ sql }}
        ) as m
        where {{ khoa }} in (select khoa from {{ bang_khoa() }});
        create or replace temp table phan_cu as
        select dong_cu.rowid as _so_hang, dong_cu as _hang from {{ dich }} as dong_cu
        {% if khoa == 'ky' -%}
            where dong_cu.ky in (select khoa from {{ bang_khoa() }});
        {%- else -%}
            where dong_cu.rowid in (select rowid from {{ dich }} where {{ khoa }} in (select khoa from {{ bang_khoa() }}));
        {%- endif %}
    {%- endset -%}
    {{ ap_dung_khac(dich, dau, khoa) }}
{%- endmacro %}

{#- The whole table computed, set against what stands and put in its place where anything differs. -#}
{% macro thay_neu_khac(dich, sql) -%}
    {%- set dau -%}
        create or replace temp table phan_moi as
        {{ sql }}
        ;
        create or replace temp table phan_cu as select * from {{ dich }};
    {%- endset -%}
    {{ ap_dung_khac(dich, dau, none) }}
{%- endmacro %}

{#- `dau`: statements that make phan_moi and phan_cu. `khoa`: the column by which rows are replaced, none: the whole table.
    Rows are counted once: EXCEPT ALL both ways numbers them with a window, at six times the cost. Of a key only the rows that differ are
    written (all copies of one, as often as it stands now): a month's rows lie all over a table that was built whole, and DuckDB writes
    every row group anew in which many were deleted. -#}
{% macro ap_dung_khac(dich, dau, khoa) -%}
    {%- call statement('khac', fetch_result=true) -%}
        {{ dau }}
        create or replace table {{ bang_doi() }} as
        select * exclude (_so, _lan) from (
            select *, cast(sign(_so) as integer) as _dau, unnest(range(cast(abs(_so) as bigint))) as _lan from (
                select * exclude (_ben), sum(_ben) as _so
                from (select *, 1 as _ben from phan_moi union all select {{ '*' if khoa is none else '_hang.*' }}, -1 as _ben from phan_cu)
                group by all having sum(_ben) <> 0
            )
        );
        select count(*) from {{ bang_doi() }}
    {%- endcall -%}
    {%- set khac = load_result('khac').table.rows[0][0] > 0 -%}
    {%- call statement('main') -%}
        {%- if khac and khoa is none -%}
            create or replace table {{ dich }} as select * from phan_moi;
        {%- elif khac -%}
            {%- set dong_doi = "(select dong_doi from (select * exclude (_dau) from " ~ bang_doi() ~ ") as dong_doi)" -%}
            delete from {{ dich }} where rowid in (select _so_hang from phan_cu where _hang in {{ dong_doi }});
            insert into {{ dich }} select dong_moi.* from phan_moi as dong_moi where dong_moi in {{ dong_doi }};
        {%- endif -%}
        {{ ghi_nut(doi=khac) }}
    {%- endcall -%}
{%- endmacro %}

{#- Keys that changed parents and the as-of day touch, as a query. -#}
{% macro khoa_bi_cham() -%}
    {%- set kh = ke_hoach() -%}
    {%- set cau = [kh.khoa] if kh.khoa else [] -%}
    {%- if kh.tu -%}
        {%- for lay in config.get('theo_ngay') or [] -%}
            {%- do cau.append("select khoa from (" ~ (lay | replace('{tu}', "date '" ~ kh.tu ~ "'") | replace('{den}', "date '" ~ kh.den ~ "'")) ~ ") as k(khoa)") -%}
        {%- endfor -%}
    {%- endif -%}
    {#- None, where only the day has moved and moves no row of this model: none of the key's own type. -#}
    {{ return(cau | join(' union ') if cau else 'select ' ~ config.require('khoa') ~ ' as khoa from ' ~ this ~ ' where false') }}
{%- endmacro %}
