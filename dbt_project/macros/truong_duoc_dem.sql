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
    {%- set mo_hinh = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list -%}
    {%- set con = namespace(them=true) -%}
    {%- for vong in mo_hinh -%}
        {%- if con.them -%}
            {%- set con.them = false -%}
            {%- for nut in mo_hinh if nut.unique_id not in duoi -%}
                {%- if nut.depends_on.nodes | select('in', duoi) | first is defined -%}
                    {%- do duoi.append(nut.unique_id) -%}
                    {%- do ma_nguon.append(nut.raw_code) -%}
                    {%- set con.them = true -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set tim_thay = [] -%}
    {%- for cot in graph.nodes[goc].columns if cot not in bo_qua and not cot.startswith('_') -%}
        {%- if modules.re.search('\\b' ~ cot ~ '\\b', ma_nguon | join(' ')) -%}
            {%- do tim_thay.append(cot) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(tim_thay | sort) }}
{%- endmacro %}
