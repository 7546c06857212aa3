{#- Rule R5, written once: which dossiers belong to a window, and what is counted of them. `tthc.giai_quyet_thang`
    and the table macros use nothing else, so that a month asked for by date equals the stored month.

    `h` is a row of `tthc.ho_so`; `tu` and `den` are DATE expressions, both days included. A dossier leaves the
    count on `ngay_ra` (end or return, never before its receipt), so that windows that adjoin always chain and
    received = finished + returned + in progress holds for any set of dossiers. -#}

{#- Received or carried over into the window; dossiers refused at reception on a day of it are reported apart. A window
    that ends before it begins has no day and no dossier. -#}
{% macro thuoc_ky(tu, den) -%}
(
    h.duoc_tiep_nhan
    and {{ tu }} <= {{ den }}
    and cast(h.ngay_tiep_nhan as date) <= {{ den }}
    and (h.ngay_ra is null or h.ngay_ra >= {{ tu }})
)
or (
    h.trang_thai = 'khong_duoc_tiep_nhan'
    and cast(h.ngay_tiep_nhan as date) >= {{ tu }}
    and cast(h.ngay_tiep_nhan as date) <= {{ den }}
)
{%- endmacro %}

{#- How a dossier that fulfils `thuoc_ky` came into the window: refused at reception, carried over, or its channel. -#}
{% macro nhom_nhan(tu) -%}
case
    when not h.duoc_tiep_nhan then 'tu_choi'
    when cast(h.ngay_tiep_nhan as date) < {{ tu }} then 'ky_truoc'
    else coalesce(h.kenh, 'khong_ro_kenh')
end
{%- endmacro %}

{#- How it left the window, or how it stands at the end of it (not later than the as-of day); null: refused. -#}
{% macro nhom_ra(den) -%}
case
    when not h.duoc_tiep_nhan then null
    when h.ngay_ra <= {{ den }} then case h.loai_ra when 'tra_lai' then 'tra_lai' else h.ket_qua_han end
    when h.ngay_tre_tu is null then 'dang_khong_han'
    when h.ngay_tre_tu <= least({{ den }}, h.ngay_so_lieu) then 'dang_qua_han'
    else 'dang_trong_han'
end
{%- endmacro %}

{#- The counts of R5, named as in marts, from the two groups above; `so` is empty where a row is a dossier, else
    the column with the number of dossiers a row stands for. -#}
{% macro dem_nhom(nhan, ra, so='') -%}
{%- set nhom = [
    ('tiep_nhan', nhan ~ " <> 'tu_choi'"),
    ('truc_tuyen', nhan ~ " = 'truc_tuyen'"),
    ('truc_tiep', nhan ~ " = 'truc_tiep'"),
    ('buu_chinh', nhan ~ " = 'buu_chinh'"),
    ('khong_ro_kenh', nhan ~ " = 'khong_ro_kenh'"),
    ('ky_truoc', nhan ~ " = 'ky_truoc'"),
    ('da_giai_quyet', ra ~ " in ('truoc_han', 'dung_han', 'qua_han', 'khong_han')"),
    ('truoc_han', ra ~ " = 'truoc_han'"),
    ('dung_han', ra ~ " = 'dung_han'"),
    ('qua_han', ra ~ " = 'qua_han'"),
    ('khong_han', ra ~ " = 'khong_han'"),
    ('tra_lai', ra ~ " = 'tra_lai'"),
    ('dang_giai_quyet', ra ~ " in ('dang_trong_han', 'dang_qua_han', 'dang_khong_han')"),
    ('dang_trong_han', ra ~ " = 'dang_trong_han'"),
    ('dang_qua_han', ra ~ " = 'dang_qua_han'"),
    ('dang_khong_han', ra ~ " = 'dang_khong_han'"),
    ('tu_choi_tiep_nhan', nhan ~ " = 'tu_choi'"),
] -%}
{%- for ten, dieu_kien in nhom -%}
{%- if so -%}
cast(coalesce(sum({{ so }}) filter (where {{ dieu_kien }}), 0) as bigint) as {{ ten }}
{%- else -%}
count(*) filter (where {{ dieu_kien }}) as {{ ten }}
{%- endif -%}
{{ ",\n" if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{#- The counts of R5 straight from rows of `h` that fulfil `thuoc_ky`. -#}
{% macro dem_giai_quyet(tu, den) -%}
{{ dem_nhom(nhom_nhan(tu), nhom_ra(den)) }}
{%- endmacro %}

{#- Dossiers of a window by `khoa` (expression → name) and the two groups: the millions of rows are read once and
    fold into some fifty rows a key, from which `dem_nhom(…, 'n.so')` counts at half the cost. -#}
{% macro nhom_giai_quyet(khoa, tu, den) -%}
select
    {% for ten, bieu_thuc in khoa.items() -%}
    {{ bieu_thuc }} as {{ ten }},
    {% endfor -%}
    {{ nhom_nhan(tu) }} as nhan,
    {{ nhom_ra(den) }} as ra,
    count(*) as so
from {{ ref('tthc__ho_so').include(database=false) }} as h
where {{ thuoc_ky(tu, den) }}
group by {% for x in khoa.values() %}{{ x }}, {% endfor %}{{ nhom_nhan(tu) }}, {{ nhom_ra(den) }}
{%- endmacro %}

{#- Names of the counts in the order of `dem_giai_quyet`. -#}
{% macro cot_giai_quyet() -%}
{{ return([
    'tiep_nhan', 'truc_tuyen', 'truc_tiep', 'buu_chinh', 'khong_ro_kenh', 'ky_truoc', 'da_giai_quyet', 'truoc_han',
    'dung_han', 'qua_han', 'khong_han', 'tra_lai', 'dang_giai_quyet', 'dang_trong_han', 'dang_qua_han',
    'dang_khong_han', 'tu_choi_tiep_nhan',
]) }}
{%- endmacro %}

{#- The two shares of R5 with their numerators and denominators, from counts of alias `d`. -#}
{% macro ty_le_giai_quyet() -%}
{{ ty_le('d.truc_tuyen', '(d.tiep_nhan - d.ky_truoc)') }} as ty_le_truc_tuyen,
{{ ty_le('(d.truoc_han + d.dung_han)', '(d.da_giai_quyet - d.khong_han)') }} as ty_le_dung_va_truoc_han,
d.truc_tuyen as tu_so_truc_tuyen,
d.tiep_nhan - d.ky_truoc as mau_so_truc_tuyen,
d.truoc_han + d.dung_han as tu_so_dung_va_truoc_han,
d.da_giai_quyet - d.khong_han as mau_so_dung_va_truoc_han
{%- endmacro %}

{#- Body of a table macro with one row a value of `khoa` (an expression on `h`), and its name on the last day of the window. -#}
{% macro bieu_theo(khoa, ten, cot_ten='ten_don_vi') -%}
select
    d.{{ ten }},
    t.{{ cot_ten }},
    {% for c in cot_giai_quyet() -%}
    d.{{ c }},
    {% endfor -%}
    {{ ty_le_giai_quyet() }}
from (
    select
        n.{{ ten }},
        {{ dem_nhom('n.nhan', 'n.ra', 'n.so') }}
    from ({{ nhom_giai_quyet({ten: khoa}, 'tu_ngay', 'den_ngay') }}) as n
    group by n.{{ ten }}
) as d
left join {% if cot_ten == 'ten_tthc' -%}
{{ ten_tthc_ngay('den_ngay') }} as t on d.{{ ten }} = t.ma_tthc
{%- else -%}
{{ ten_don_vi_ngay('den_ngay') }} as t on d.{{ ten }} = t.ma_don_vi
{%- endif %}
order by d.{{ ten }} asc nulls last
{%- endmacro %}
