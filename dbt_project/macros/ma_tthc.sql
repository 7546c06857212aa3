{#- Comparable forms of a procedure's code (R7). -#}

{#- Upper case, no blanks, without the national suffix `.000.00.00.H02`. -#}
{% macro ma_tthc_goc(x) -%}
{{ thay_mau(thay_mau('upper(' ~ x ~ ')', '[ ]+', ''), '[.][0-9]{3}[.][0-9]{2}[.][0-9]{2}[.]H[0-9]+$', '') }}
{%- endmacro %}

{#- A numeric code without the trailing zeros a spreadsheet eats; null for other codes. -#}
{% macro ma_tthc_bo_khong(x) -%}
case
    when {{ khop_mau(x, '[0-9]+[.][0-9]+') }} then trim(trailing '.' from trim(trailing '0' from {{ x }}))
    when {{ khop_mau(x, '[0-9]+') }} then {{ x }}
end
{%- endmacro %}

{#- A national code (`d.dddddd`) with its eaten zeros put back. -#}
{% macro ma_tthc_qg_du(x) -%}
case
    when {{ khop_mau(x, '[0-9][.][0-9]{1,5}') }} then rpad({{ x }}, 8, '0')
    when {{ khop_mau(x, '[0-9]') }} then concat_ws('', {{ x }}, '.000000')
    else {{ x }}
end
{%- endmacro %}

{#- The eight characters of a national code that is followed by a part for a case or a province (`1.001193.01`), or whose
    point a spreadsheet wrote as a comma; other codes as they are. -#}
{% macro ma_tthc_qg_tam_so(x) -%}
case
    when {{ khop_mau(x, '[0-9][.][0-9]{6}[.].+') }} then left({{ x }}, 8)
    when {{ khop_mau(x, '[0-9],[0-9]{1,6}') }} then replace({{ x }}, ',', '.')
    else {{ x }}
end
{%- endmacro %}

{#- The procedure of a dossier `h` in force on its day of receipt (R7), as joins: `a` the mapping, `v` the version. -#}
{% macro ghep_thu_tuc(h) -%}
left join {{ ref('int_tthc__anh_xa') }} as a
    on
        {{ h }}.ma_tthc_xuat = a.ma_tthc_xuat
        and {{ h }}.ten_tthc_xuat = a.ten_tthc_xuat
        and {{ h }}.cap = a.cap
        and cast({{ h }}.ngay_tiep_nhan as date) >= a.tu_ngay
        and cast({{ h }}.ngay_tiep_nhan as date) <= a.den_ngay
left join {{ ref('int_tthc__phien_ban') }} as v on a.ma_tthc = v.ma_tthc and a.hieu_luc_tu = v.hieu_luc_tu
{%- endmacro %}
