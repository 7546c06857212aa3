{#- Metrics that are counted from what a dossier is marked with (digitised, electronic result, paid online, essential service), beside
    the counts of R5: a row `h` of `int_tthc__ho_so_ket_qua` belongs to the numerator (`tu`) or the base (`mau`, none: a count), and
    `biet` is the mark without which nothing is known. A blank mark beside filled ones is a no; where a window has none filled in
    the whole province, the export does not carry it, and the metric is unknown, not zero. -#}
{% macro chi_tieu_ho_so() -%}
{%- set so_hoa = {'ma': 'dossiers_digitised', 'cua': 'moi', 'tu': 'h.so_hoa_ho_so', 'biet': 'h.so_hoa_ho_so'} -%}
{%- set dung_lai = {'ma': 'dossiers_reusing_data', 'cua': 'moi', 'tu': 'h.so_hoa_ho_so and h.tai_su_dung', 'biet': 'h.tai_su_dung'} -%}
{%- set thiet_yeu = {'ma': 'essential_dossiers_received', 'cua': 'moi', 'tu': 'h.thiet_yeu', 'biet': 'h.thiet_yeu'} -%}
{%- set truc_tuyen = {'ma': 'essential_dossiers_online', 'tu': "h.thiet_yeu and h.kenh = 'truc_tuyen'"} -%}
{{ return([
    so_hoa,
    dung_lai,
    thiet_yeu,
    dict(thiet_yeu, **truc_tuyen),
    dict(thiet_yeu, **dict(truc_tuyen, ma='essential_online_rate', mau='h.thiet_yeu')),
    dict(so_hoa, ma='dossier_digitisation_rate', tu='h.so_hoa_ho_so and h.ket_qua_dien_tu', mau='true'),
    dict(dung_lai, ma='digitised_data_reuse_rate', mau='h.so_hoa_ho_so'),
    {
        'ma': 'dossier_online_payment_rate', 'cua': 'moi', 'tu': 'h.phai_thanh_toan and h.thanh_toan_truc_tuyen',
        'mau': 'h.phai_thanh_toan', 'biet': 'h.thanh_toan_truc_tuyen',
    },
    {
        'ma': 'electronic_result_rate', 'cua': 'xong', 'tu': 'h.ket_qua_dien_tu', 'mau': 'true', 'biet': 'h.ket_qua_dien_tu',
    },
]) }}
{%- endmacro %}

{#- Names of the columns of `dem_chi_tieu_ho_so`. -#}
{% macro cot_chi_tieu_ho_so() -%}
{%- set cot = [] -%}
{%- for c in chi_tieu_ho_so() -%}
{%- for phan in ['tu', 'mau', 'biet'] if phan in c -%}
{%- do cot.append(phan ~ '_' ~ c.ma) -%}
{%- endfor -%}
{%- endfor -%}
{{ return(cot) }}
{%- endmacro %}

{#- Their counts over rows of `h` that fulfil `thuoc_ky`: new in the window, or finished in it. -#}
{% macro dem_chi_tieu_ho_so(tu, den) -%}
{%- set cua = {
    'moi': nhom_nhan(tu) ~ " not in ('tu_choi', 'ky_truoc')",
    'xong': nhom_ra(den) ~ " in ('truoc_han', 'dung_han', 'qua_han', 'khong_han')",
} -%}
{%- for c in chi_tieu_ho_so() -%}
count(*) filter (where {{ cua[c.cua] }} and {{ c.tu }}) as tu_{{ c.ma }},
{% if c.mau -%}
count(*) filter (where {{ cua[c.cua] }} and {{ c.mau }}) as mau_{{ c.ma }},
{% endif -%}
count({{ c.biet }}) as biet_{{ c.ma }}{{ ",\n" if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{#- Of a metric of the list: its count (`phan` tu) or its base (mau), out of a row `d` of the counts; null for any other. -#}
{% macro so_cua_chi_tieu_ho_so(chi_tieu, d, phan) -%}
case {{ chi_tieu }}
    {% for c in chi_tieu_ho_so() if phan in c -%}
    when '{{ c.ma }}' then {{ d }}.{{ phan }}_{{ c.ma }}
    {% endfor -%}
end
{%- endmacro %}
