{#- Printed figures (R13) in exact numbers. A figure is DECIMAL(20,6); `bac` is ten to the power of its printed decimals. -#}

{#- A whole number too long for BIGINT. -#}
{% macro so_nguyen_lon(x) %}{{ return(adapter.dispatch('so_nguyen_lon')(x)) }}{% endmacro %}
{% macro duckdb__so_nguyen_lon(x) -%}
cast({{ x }} as hugeint)
{%- endmacro %}
{% macro spark__so_nguyen_lon(x) -%}
cast({{ x }} as decimal(38, 0))
{%- endmacro %}

{#- Number of decimals printed: 2 of `98,80`, 0 of `314.849` where the value is 314849. -#}
{% macro so_le_in(goc, gia_tri) -%}
{%- set so = thay_mau(goc, '[^0-9.,]', '') -%}
{%- set duoi = thay_mau(thay_mau(so, '[.,]+$', ''), '^.*[.,]', '') -%}
{%- set tron = thay_mau(so, '[.,]', '') -%}
case
    when {{ so }} not like '%.%' and {{ so }} not like '%,%' then 0
    when length({{ duoi }}) > 6 or length({{ tron }}) > 18 then 6
    {% for k in range(1, 7) -%}
    when length({{ duoi }}) = {{ k }}
        and abs({{ gia_tri }}) * {{ 10 ** k }} = try_cast({{ tron }} as decimal(20, 0)) then {{ k }}
    {% endfor -%}
    else 0
end
{%- endmacro %}

{#- Ten to the power of a column with 0–6. -#}
{% macro muoi_mu(x) -%}
case {{ x }} {% for k in range(1, 7) -%} when {{ k }} then {{ 10 ** k }} {% endfor %} else 1 end
{%- endmacro %}

{#- he_so × tu / mau with six decimals, half away from zero, from DECIMAL(20,6) columns; null on a zero denominator. -#}
{% macro thuong_sau_so_le(he_so, tu, mau) -%}
{%- set t = so_nguyen_lon('abs(' ~ tu ~ ') * 1000000') -%}
{%- set m = so_nguyen_lon('abs(' ~ mau ~ ') * 1000000') -%}
cast(
    case when {{ mau }} = 0 then null when ({{ tu }} < 0) <> ({{ mau }} < 0) then -1 else 1 end
    * cast({{ chia_nguyen('2000000 * ' ~ so_nguyen_lon(he_so) ~ ' * ' ~ t ~ ' + ' ~ m, '2 * nullif(' ~ m ~ ', 0)') }} as decimal(28, 0))
    * cast(0.000001 as decimal(7, 6)) as decimal(28, 6)
)
{%- endmacro %}

{#- True where a printed value agrees with he_so × tu / mau up to `dung_sai`: by multiplication, so without rounding. -#}
{% macro so_in_khop(gia_tri, he_so, tu, mau, dung_sai) -%}
abs({{ gia_tri }} * {{ mau }} - cast({{ he_so }} * {{ tu }} as decimal(24, 6))) <= {{ dung_sai }} * abs({{ mau }})
{%- endmacro %}

{#- Smallest whole denominator that explains a printed share: ceil(he_so × tu / (value + half a unit)). -#}
{% macro mau_so_nho_nhat(gia_tri, bac, he_so, tu) -%}
{%- set v = '(' ~ so_nguyen_lon('2 * ' ~ gia_tri ~ ' * ' ~ bac) ~ ' + 1) * 1000000' -%}
{{ chia_nguyen(so_nguyen_lon(tu ~ ' * 1000000') ~ ' * 2 * ' ~ he_so ~ ' * ' ~ bac ~ ' + ' ~ v ~ ' - 1', v) }}
{%- endmacro %}

{#- Largest one: floor(he_so × tu / (value − half a unit)); null where nothing bounds it. -#}
{% macro mau_so_lon_nhat(gia_tri, bac, he_so, tu) -%}
{%- set v = '(' ~ so_nguyen_lon('2 * ' ~ gia_tri ~ ' * ' ~ bac) ~ ' - 1) * 1000000' -%}
{{ chia_nguyen(so_nguyen_lon(tu ~ ' * 1000000') ~ ' * 2 * ' ~ he_so ~ ' * ' ~ bac, 'nullif(greatest(' ~ v ~ ', 0), 0)') }}
{%- endmacro %}
