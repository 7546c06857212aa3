{#- Rule R5, written once: which dossiers belong to a window, and what is counted of them. `tthc.giai_quyet_thang`
    and the table macros use nothing else, so that a month asked for by date equals the stored month.

    `h` is a row of `tthc.ho_so`; `tu` and `den` are DATE expressions, both days included. A dossier leaves the
    count on `ngay_ra` (end or return, never before its receipt), so that windows that adjoin always chain and
    received = finished + returned + in progress holds for any set of dossiers. -#}

{#- Received or carried over into the window; dossiers refused at reception on a day of it are reported apart. -#}
{% macro thuoc_ky(tu, den) -%}
(
    h.duoc_tiep_nhan
    and cast(h.ngay_tiep_nhan as date) <= {{ den }}
    and (h.ngay_ra is null or h.ngay_ra >= {{ tu }})
)
or (
    h.trang_thai = 'khong_duoc_tiep_nhan'
    and cast(h.ngay_tiep_nhan as date) >= {{ tu }}
    and cast(h.ngay_tiep_nhan as date) <= {{ den }}
)
{%- endmacro %}

{#- The counts of R5, named as in marts; to be selected from rows that fulfil `thuoc_ky`. -#}
{% macro dem_giai_quyet(tu, den) -%}
{%- set moi = 'h.duoc_tiep_nhan and cast(h.ngay_tiep_nhan as date) >= ' ~ tu -%}
{%- set xong = "h.loai_ra = 'da_giai_quyet' and h.ngay_ra <= " ~ den -%}
{%- set con = 'h.duoc_tiep_nhan and (h.ngay_ra is null or h.ngay_ra > ' ~ den ~ ')' -%}
{%- set tre = 'h.ngay_tre_tu <= least(' ~ den ~ ', h.ngay_so_lieu)' -%}
count(*) filter (where h.duoc_tiep_nhan) as tiep_nhan,
count(*) filter (where {{ moi }} and h.kenh = 'truc_tuyen') as truc_tuyen,
count(*) filter (where {{ moi }} and h.kenh = 'truc_tiep') as truc_tiep,
count(*) filter (where {{ moi }} and h.kenh = 'buu_chinh') as buu_chinh,
count(*) filter (where {{ moi }} and h.kenh is null) as khong_ro_kenh,
count(*) filter (where h.duoc_tiep_nhan and cast(h.ngay_tiep_nhan as date) < {{ tu }}) as ky_truoc,
count(*) filter (where {{ xong }}) as da_giai_quyet,
count(*) filter (where {{ xong }} and h.ket_qua_han = 'truoc_han') as truoc_han,
count(*) filter (where {{ xong }} and h.ket_qua_han = 'dung_han') as dung_han,
count(*) filter (where {{ xong }} and h.ket_qua_han = 'qua_han') as qua_han,
count(*) filter (where {{ xong }} and h.ket_qua_han = 'khong_han') as khong_han,
count(*) filter (where h.loai_ra = 'tra_lai' and h.ngay_ra <= {{ den }}) as tra_lai,
count(*) filter (where {{ con }}) as dang_giai_quyet,
count(*) filter (where {{ con }} and h.ngay_tre_tu is not null and not {{ tre }}) as dang_trong_han,
count(*) filter (where {{ con }} and {{ tre }}) as dang_qua_han,
count(*) filter (where {{ con }} and h.ngay_tre_tu is null) as dang_khong_han,
count(*) filter (where h.trang_thai = 'khong_duoc_tiep_nhan') as tu_choi_tiep_nhan
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

{#- Body of a table macro with one row a value of `khoa` (an expression on `h`). -#}
{% macro bieu_theo(khoa, ten) -%}
select
    d.{{ ten }},
    {% for c in cot_giai_quyet() -%}
    d.{{ c }},
    {% endfor -%}
    {{ ty_le_giai_quyet() }}
from (
    select
        {{ khoa }} as {{ ten }},
        {{ dem_giai_quyet('tu_ngay', 'den_ngay') }}
    from {{ ref('tthc__ho_so').include(database=false) }} as h
    where {{ thuoc_ky('tu_ngay', 'den_ngay') }}
    group by {{ khoa }}
) as d
order by d.{{ ten }} asc nulls last
{%- endmacro %}
