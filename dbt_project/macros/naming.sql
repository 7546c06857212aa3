{#- A schema named in a model's configuration is the schema, without the target's as a prefix. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}

{#- Marts and staging files are named `<schema>__<table>`, so that names are unique in the project; the table is the last part.
    The latest version of a model has the plain name, an older one `_v<number>` behind it. -#}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if custom_alias_name -%}
        {{ custom_alias_name | trim }}
    {%- elif node.resource_type == 'model' and node.fqn[1] == 'marts' and '__' in node.name -%}
        {{ node.name.split('__', 1)[1] }}
        {%- if node.version and node.version != node.latest_version -%}_v{{ node.version }}{%- endif -%}
    {%- else -%}
        {{ node.name }}
    {%- endif -%}
{%- endmacro %}
