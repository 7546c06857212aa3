{#- Fields of feeds that some model below their staging model reads, told from dbt's lineage, so that there is no list to keep:
    raw table → columns, in order. Without a graph (a linter) one column stands for all. -#}
{% macro truong_duoc_dem(cac_bang, bo_qua=[]) -%}
    {%- set tra = {} -%}
    {%- for bang in cac_bang -%}
        {%- do tra.update({bang: truong_cua_nguon('stg_' ~ bang, bo_qua)}) -%}
    {%- endfor -%}
    {{ return(tra) }}
{%- endmacro %}

{% macro truong_cua_nguon(ten, bo_qua) -%}
    {%- if not execute -%}
        {{ return(['ngay_tiep_nhan']) }}
    {%- endif -%}
    {%- set goc = 'model.' ~ project_name ~ '.' ~ ten -%}
    {%- set duoi = [goc] -%}
    {%- set ma_nguon = [] -%}
    {%- for vong in graph.nodes.values() if vong.resource_type == 'model' -%}
        {%- for nut in graph.nodes.values() if nut.resource_type == 'model' and nut.unique_id not in duoi -%}
            {%- if nut.depends_on.nodes | select('in', duoi) | list -%}
                {%- do duoi.append(nut.unique_id) -%}
                {%- do ma_nguon.append(nut.raw_code) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set tim_thay = [] -%}
    {%- for cot in graph.nodes[goc].columns if cot not in bo_qua and not cot.startswith('_') -%}
        {%- if modules.re.search('\\b' ~ cot ~ '\\b', ma_nguon | join(' ')) -%}
            {%- do tim_thay.append(cot) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(tim_thay | sort) }}
{%- endmacro %}
