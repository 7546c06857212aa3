{#- Constructs that differ between engines, one dispatched macro each (DuckDB is the default implementation). -#}

{#- Whole calendar days from `tu` to `den` (two dates): 0 for one day, negative backwards. -#}
{% macro so_ngay(tu, den) %}{{ adapter.dispatch('so_ngay')(tu, den) }}{% endmacro %}
{% macro default__so_ngay(tu, den) -%}
date_diff('day', {{ tu }}, {{ den }})
{%- endmacro %}

{#- The date `n` days after `ngay` (`n` an integer expression). -#}
{% macro cong_ngay(ngay, n) %}{{ adapter.dispatch('cong_ngay')(ngay, n) }}{% endmacro %}
{% macro default__cong_ngay(ngay, n) -%}
cast({{ ngay }} + cast({{ n }} as integer) as date)
{%- endmacro %}

{#- Last microsecond of a day, as a timestamp. -#}
{% macro cuoi_ngay(ngay) -%}
(cast({{ cong_ngay(ngay, 1) }} as timestamp) - interval '1' microsecond)
{%- endmacro %}

{#- First day of the month of a date. -#}
{% macro dau_thang(ngay) -%}
cast(date_trunc('month', {{ ngay }}) as date)
{%- endmacro %}

{#- Last day of the month of a date. -#}
{% macro cuoi_thang(ngay) -%}
{{ cong_ngay("cast(" ~ dau_thang(ngay) ~ " + interval '1' month as date)", -1) }}
{%- endmacro %}

{#- Period text `YYYY-MM` of a date. -#}
{% macro ky_thang(ngay) -%}
concat(
    lpad(cast(extract(year from {{ ngay }}) as varchar), 4, '0'),
    '-',
    lpad(cast(extract(month from {{ ngay }}) as varchar), 2, '0')
)
{%- endmacro %}

{#- Every match of a pattern replaced. -#}
{% macro thay_mau(x, mau, thay) %}{{ adapter.dispatch('thay_mau')(x, mau, thay) }}{% endmacro %}
{% macro default__thay_mau(x, mau, thay) -%}
regexp_replace({{ x }}, '{{ mau }}', '{{ thay }}', 'g')
{%- endmacro %}

{#- True where the whole text matches the pattern. -#}
{% macro khop_mau(x, mau) %}{{ adapter.dispatch('khop_mau')(x, mau) }}{% endmacro %}
{% macro default__khop_mau(x, mau) -%}
regexp_full_match({{ x }}, '{{ mau }}')
{%- endmacro %}

{#- Similarity 0–1 of two texts, for suggestions only. -#}
{% macro do_giong(a, b) %}{{ adapter.dispatch('do_giong')(a, b) }}{% endmacro %}
{% macro default__do_giong(a, b) -%}
jaro_winkler_similarity({{ a }}, {{ b }})
{%- endmacro %}

{#- Share of two counts as a double; null on a zero denominator (R5). -#}
{% macro ty_le(tu_so, mau_so) -%}
cast({{ tu_so }} as double) / nullif({{ mau_so }}, 0)
{%- endmacro %}

{#- Lower case without Vietnamese diacritics (text is NFC after intake). -#}
{% macro bo_dau(x) -%}
translate(
    lower({{ x }}),
    'àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđð',
    'aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyydd'
)
{%- endmacro %}

{#- What people type in a search: lower case without marks, đ folded, whatever the Unicode form of the text. -#}
{% macro khong_dau(x) %}{{ adapter.dispatch('khong_dau')(x) }}{% endmacro %}
{% macro default__khong_dau(x) -%}
{{ bo_dau('nfc_normalize(' ~ x ~ ')') }}
{%- endmacro %}

{#- Whether the calendar month `ky` (`YYYY-MM`) has ended on the as-of day; null for what is no month. -#}
{% macro tron_ky(ky, ngay_so_lieu) -%}
case when {{ khop_mau(ky, '[0-9]{4}-[0-9]{2}') }} then {{ ky }} < {{ ky_thang(cong_ngay(ngay_so_lieu, 1)) }} end
{%- endmacro %}

{#- Normal form of a name: no diacritics, lower case, letters and digits only, single spaces. -#}
{% macro dang_chuan(x) -%}
trim({{ thay_mau(bo_dau(x), '[^a-z0-9]+', ' ') }})
{%- endmacro %}

{#- Normal form of a procedure's name, without a leading “Thủ tục” (R7). -#}
{% macro dang_chuan_tthc(x) -%}
{{ thay_mau(dang_chuan(x), '^thu tuc ', '') }}
{%- endmacro %}

{#- Working days in a number of hours, eight a day, rounded up (R3), on integers only. -#}
{% macro lam_tron_len_8(x) -%}
cast(floor(({{ x }} + 7) / 8) as bigint)
{%- endmacro %}

{#- A printed due date without a time ends with its day; exactly midnight is a date alone (R4). -#}
{% macro han_luc(x) -%}
case
    when {{ x }} = cast(cast({{ x }} as date) as timestamp) then {{ cuoi_ngay('cast(' ~ x ~ ' as date)') }}
    else {{ x }}
end
{%- endmacro %}

{#- Distinct texts of a group in order, joined by a comma. -#}
{% macro noi_chuoi(x) %}{{ adapter.dispatch('noi_chuoi')(x) }}{% endmacro %}
{% macro default__noi_chuoi(x) -%}
string_agg(distinct {{ x }}, ', ' order by {{ x }})
{%- endmacro %}
