{#- Rule R15, written once: the points of a component of Bộ chỉ số 766. Models, tests and `kho simulate` use nothing
    else. All arithmetic is on whole numbers, so that no double is ever rounded or compared: points are whole
    multiples of 0.00000001, the nearest one to maximum × share (half up). -#}

{#- Whole number wide enough for products of counts, thresholds and points. -#}
{% macro so_lon(x) %}{{ return(adapter.dispatch('so_lon')(x)) }}{% endmacro %}
{% macro duckdb__so_lon(x) -%}
cast({{ x }} as hugeint)
{%- endmacro %}
{% macro spark__so_lon(x) -%}
cast({{ x }} as decimal(38, 0))
{%- endmacro %}

{#- A decimal as a count of its units: `bac` is a power of ten (100 for hundredths). -#}
{% macro thanh_nguyen(x, bac) -%}
{{ so_lon('cast(' ~ x ~ ' as decimal(24, 8)) * ' ~ bac) }}
{%- endmacro %}

{#- Quotient of two non-negative whole numbers to the nearest whole number, half up. -#}
{% macro chia_gan_nhat(tu, mau) -%}
{{ chia_nguyen('2 * (' ~ tu ~ ') + (' ~ mau ~ ')', '2 * (' ~ mau ~ ')') }}
{%- endmacro %}

{#- Points as whole multiples of 0.00000001; null where the component is not scored or not applicable.
    `tu_so`, `mau_so`: numbers with at most six decimals. -#}
{% macro diem_766_nguyen(quy_tac, nguong, mau_so_bang_0, diem_toi_da, tu_so, mau_so) -%}
{%- set toi_da = thanh_nguyen(diem_toi_da, 100000000) -%}
{%- set tu = thanh_nguyen(tu_so, 1000000) -%}
{%- set mau = thanh_nguyen(mau_so, 1000000) -%}
{%- set t = thanh_nguyen(nguong, 10000) -%}
case
    when {{ quy_tac }} = 'NONE' or {{ tu_so }} is null or {{ mau_so }} is null then null
    when {{ mau_so }} = 0 and {{ mau_so_bang_0 }} = 'max' then {{ toi_da }}
    when {{ mau_so }} = 0 and {{ mau_so_bang_0 }} = '0' then {{ so_lon(0) }}
    when {{ mau_so }} = 0 then null
    when {{ quy_tac }} = 'LINEAR' then {{ chia_gan_nhat(toi_da ~ ' * ' ~ tu, mau) }}
    when {{ quy_tac }} = 'CAP' and {{ tu }} * 10000 >= {{ mau }} * {{ t }} then {{ toi_da }}
    when {{ quy_tac }} = 'CAP' then {{ chia_gan_nhat(toi_da ~ ' * ' ~ tu ~ ' * 10000', mau ~ ' * ' ~ t) }}
end
{%- endmacro %}

{#- Whole multiples of 0.00000001 as a decimal. -#}
{% macro thanh_diem(x) -%}
cast(cast({{ x }} as decimal(20, 0)) * cast('0.00000001' as decimal(9, 8)) as decimal(18, 8))
{%- endmacro %}

{#- Points as decimal(18, 8). -#}
{% macro diem_766(quy_tac, nguong, mau_so_bang_0, diem_toi_da, tu_so, mau_so) -%}
{{ thanh_diem(diem_766_nguyen(quy_tac, nguong, mau_so_bang_0, diem_toi_da, tu_so, mau_so)) }}
{%- endmacro %}

{#- Points as shown: two decimals, half up. -#}
{% macro diem_hien_thi(x) -%}
cast(round({{ x }}, 2) as decimal(9, 2))
{%- endmacro %}

{#- Share of two counts as an exact decimal of ten places; null on a zero denominator. -#}
{% macro ty_le_766(tu_so, mau_so) -%}
case
    when {{ mau_so }} > 0
        then
            cast(
                cast({{ chia_gan_nhat(so_lon(tu_so) ~ ' * 10000000000', so_lon(mau_so)) }} as decimal(18, 0))
                * cast('0.0000000001' as decimal(10, 10)) as decimal(18, 10)
            )
end
{%- endmacro %}

{#- Province part of an agency identifier: what stands before the first dot. -#}
{% macro ma_tinh(x) -%}
case when position('.' in {{ x }}) > 0 then substring({{ x }}, 1, position('.' in {{ x }}) - 1) else {{ x }} end
{%- endmacro %}
