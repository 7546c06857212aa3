{#- Materialization of a parametrised table: `create or replace macro <schema>.<name>(<tham_so>) as table …`.
    Relations inside are two-part names, so that the definition read back from duckdb_functions() can be created
    as it stands in the published file. Config: `tham_so`, the list of parameter names. A window (`tu_ngay`, `den_ngay`) that ends
    before it begins is an error: asked once beside the body, so that no row is needed for it. -#}
{% materialization bang_macro, adapter='duckdb' %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        create or replace macro {{ this.schema }}.{{ this.identifier }}({{ config.require('tham_so') | join(', ') }}) as table
        {%- if 'tu_ngay' in config.require('tham_so') %}
        select bieu.*
        from (
            {{ sql }}
        ) as bieu
        where (select {{ cua_so_dung('tu_ngay', 'den_ngay') }})
        {%- else %}
        {{ sql }}
        {%- endif %}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': []}) }}
{% endmaterialization %}

{#- Materialization of a scalar function: `create or replace macro <schema>.<name>(<tham_so>) as (<select of one value>)`.
    Config: `tham_so`; for Spark `kieu`, the value's type where it is no text. -#}
{% materialization ham, adapter='duckdb' %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        create or replace macro {{ this.schema }}.{{ this.identifier }}({{ config.require('tham_so') | join(', ') }}) as (
            {{ sql }}
        )
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': []}) }}
{% endmaterialization %}
