{#- Comparable forms of a procedure's code (R7). -#}

{#- Upper case, no blanks, without the national suffix `.000.00.00.H02`. -#}
{% macro ma_tthc_goc(x) -%}
{{ thay_mau(thay_mau('upper(' ~ x ~ ')', '[ ]+', ''), '[.][0-9]{3}[.][0-9]{2}[.][0-9]{2}[.]H[0-9]+$', '') }}
{%- endmacro %}

{#- A numeric code without the trailing zeros a spreadsheet eats; null for other codes. -#}
{% macro ma_tthc_bo_khong(x) -%}
case
    when {{ khop_mau(x, '[0-9]+[.][0-9]+') }} then rtrim(rtrim({{ x }}, '0'), '.')
    when {{ khop_mau(x, '[0-9]+') }} then {{ x }}
end
{%- endmacro %}

{#- A national code (`d.dddddd`) with its eaten zeros put back. -#}
{% macro ma_tthc_qg_du(x) -%}
case
    when {{ khop_mau(x, '[0-9][.][0-9]{1,5}') }} then rpad({{ x }}, 8, '0')
    when {{ khop_mau(x, '[0-9]') }} then concat({{ x }}, '.000000')
    else {{ x }}
end
{%- endmacro %}
