{#- Constructs that differ between engines, one dispatched macro each with a version for each engine (docs/mo_rong.md). -#}

{#- Whole calendar days from `tu` to `den` (two dates): 0 for one day, negative backwards. -#}
{% macro so_ngay(tu, den) %}{{ adapter.dispatch('so_ngay')(tu, den) }}{% endmacro %}
{% macro duckdb__so_ngay(tu, den) -%}
date_diff('day', {{ tu }}, {{ den }})
{%- endmacro %}
{% macro spark__so_ngay(tu, den) -%}
cast(datediff({{ den }}, {{ tu }}) as bigint)
{%- endmacro %}

{#- The date `n` days after `ngay` (`n` an integer expression). -#}
{% macro cong_ngay(ngay, n) %}{{ adapter.dispatch('cong_ngay')(ngay, n) }}{% endmacro %}
{% macro duckdb__cong_ngay(ngay, n) -%}
cast({{ ngay }} + cast({{ n }} as integer) as date)
{%- endmacro %}
{% macro spark__cong_ngay(ngay, n) -%}
date_add({{ ngay }}, cast({{ n }} as integer))
{%- endmacro %}

{#- Last microsecond of a day, as a timestamp. -#}
{% macro cuoi_ngay(ngay) -%}
(cast({{ cong_ngay(ngay, 1) }} as timestamp) - interval '1' microsecond)
{%- endmacro %}

{#- First day of the month of a date. -#}
{% macro dau_thang(ngay) -%}
cast(date_trunc('month', {{ ngay }}) as date)
{%- endmacro %}

{#- Monday of a day's week. -#}
{% macro dau_tuan(ngay) -%}
cast(date_trunc('week', {{ ngay }}) as date)
{%- endmacro %}

{#- Last day of the month of a date. -#}
{% macro cuoi_thang(ngay) -%}
{{ cong_ngay("cast(" ~ dau_thang(ngay) ~ " + interval '1' month as date)", -1) }}
{%- endmacro %}

{#- Period text `YYYY-MM` of a date. -#}
{% macro ky_thang(ngay) -%}
concat_ws(
    '',
    lpad(cast(extract(year from {{ ngay }}) as varchar), 4, '0'),
    '-',
    lpad(cast(extract(month from {{ ngay }}) as varchar), 2, '0')
)
{%- endmacro %}

{#- Calendar months from that of `tu` to that of `den`, both counted. -#}
{% macro so_thang(tu, den) -%}
(
    12 * (extract(year from {{ den }}) - extract(year from {{ tu }}))
    + extract(month from {{ den }}) - extract(month from {{ tu }}) + 1
)
{%- endmacro %}

{#- Every match of a pattern replaced. -#}
{% macro thay_mau(x, mau, thay) %}{{ adapter.dispatch('thay_mau')(x, mau, thay) }}{% endmacro %}
{% macro duckdb__thay_mau(x, mau, thay) -%}
regexp_replace({{ x }}, '{{ mau }}', '{{ thay }}', 'g')
{%- endmacro %}
{% macro spark__thay_mau(x, mau, thay) -%}
regexp_replace({{ x }}, '{{ mau }}', '{{ thay }}')
{%- endmacro %}

{#- True where the whole text matches the pattern. -#}
{% macro khop_mau(x, mau) %}{{ adapter.dispatch('khop_mau')(x, mau) }}{% endmacro %}
{% macro duckdb__khop_mau(x, mau) -%}
regexp_full_match({{ x }}, '{{ mau }}')
{%- endmacro %}
{#- Java's `$` also stands before a line end; nothing may follow. -#}
{% macro spark__khop_mau(x, mau) -%}
({{ x }} rlike '^(?:{{ mau }})(?![^a]|a)')
{%- endmacro %}

{#- Similarity 0–1 of two texts, for suggestions only. -#}
{% macro do_giong(a, b) %}{{ adapter.dispatch('do_giong')(a, b) }}{% endmacro %}
{% macro duckdb__do_giong(a, b) -%}
jaro_winkler_similarity({{ a }}, {{ b }})
{%- endmacro %}
{% macro spark__do_giong(a, b) -%}
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
{% macro khong_dau(x) -%}
{{ bo_dau(nfc(x)) }}
{%- endmacro %}

{#- Text in Unicode's composed form. Intake has brought every cell into it; Spark has no function for it and rests on that. -#}
{% macro nfc(x) %}{{ return(adapter.dispatch('nfc')(x)) }}{% endmacro %}
{% macro duckdb__nfc(x) -%}
nfc_normalize({{ x }})
{%- endmacro %}
{% macro spark__nfc(x) -%}
{{ x }}
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
{% macro duckdb__noi_chuoi(x) -%}
string_agg(distinct {{ x }}, ', ' order by {{ x }} asc nulls last)
{%- endmacro %}
{% macro spark__noi_chuoi(x) -%}
listagg(distinct {{ x }}, ', ') within group (order by {{ x }} asc nulls last)
{%- endmacro %}

{#- Texts of a group, those that are null left out, in the order of `theo`. -#}
{% macro noi_chuoi_theo(x, noi, theo) %}{{ adapter.dispatch('noi_chuoi_theo')(x, noi, theo) }}{% endmacro %}
{% macro duckdb__noi_chuoi_theo(x, noi, theo) -%}
string_agg({{ x }}, '{{ noi }}' order by {{ theo }} asc nulls last)
{%- endmacro %}
{% macro spark__noi_chuoi_theo(x, noi, theo) -%}
listagg({{ x }}, '{{ noi }}') within group (order by {{ theo }} asc nulls last)
{%- endmacro %}
