{#- Parts of the table macros that are asked for a window of any two days (R5). Everything here reads published tables only. -#}

{#- True, or an error in words where the window ends before it begins. -#}
{% macro cua_so_dung(tu, den) %}{{ adapter.dispatch('cua_so_dung')(tu, den) }}{% endmacro %}
{% macro duckdb__cua_so_dung(tu, den) -%}
case
    when cast({{ tu }} as date) > cast({{ den }} as date)
        then error(concat_ws(
            '',
            'KHO: ngày đầu (', cast({{ tu }} as varchar), ') sau ngày cuối (', cast({{ den }} as varchar),
            '); hãy đổi chỗ hai ngày.'
        ))
    else true
end
{%- endmacro %}
{% macro spark__cua_so_dung(tu, den) -%}
case
    when cast({{ tu }} as date) > cast({{ den }} as date)
        then cast(raise_error(concat_ws(
            '',
            'KHO: ngày đầu (', cast({{ tu }} as varchar), ') sau ngày cuối (', cast({{ den }} as varchar),
            '); hãy đổi chỗ hai ngày.'
        )) as boolean)
    else true
end
{%- endmacro %}

{#- The scopes of a table by level: the whole province, the levels, and what has no level. -#}
{% macro pham_vi_bieu() -%}
{%- for p in ['toan_tinh', 'tinh', 'huyen', 'xa', 'khong_ro'] -%}
select
    '{{ p }}' as pham_vi,
    {{ loop.index0 }} as thu_tu
{{ 'union all ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{#- True for one version `v` of each code `ma`: the newest of those begun by the day `den`, else the first; a code that has ended keeps
    its last one. What a figure is joined with for a name, so that it is never doubled. -#}
{% macro moi_nhat(ma, den, v='v') -%}
row_number() over (
    partition by {{ ma }}
    order by
        case when {{ v }}.hieu_luc_tu <= {{ den }} then 0 else 1 end asc nulls last,
        case when {{ v }}.hieu_luc_tu <= {{ den }} then {{ v }}.hieu_luc_tu end desc nulls last,
        {{ v }}.hieu_luc_tu asc nulls last
) = 1
{%- endmacro %}

{#- Names of agencies on the day `den`: of the version begun by then, the newest; a unit that has ended keeps its last name.
    One row a code, so that a join with it doubles nothing. -#}
{% macro ten_don_vi_ngay(den, bang='tthc__don_vi') -%}
(
    select
        x.ma_don_vi,
        x.ten_don_vi
    from (
        select
            v.ma_don_vi,
            v.ten_don_vi,
            {{ moi_nhat('v.ma_don_vi', den) }} as moi_nhat
        from {{ ref(bang).include(database=false) }} as v
    ) as x
    where x.moi_nhat
)
{%- endmacro %}

{#- Names of procedures on the day `den`, in the same way. -#}
{% macro ten_tthc_ngay(den) -%}
(
    select
        x.ma_tthc,
        x.ten_tthc
    from (
        select
            v.ma_tthc,
            v.ten_tthc,
            {{ moi_nhat('v.ma_tthc', den) }} as moi_nhat
        from {{ ref('tthc__danh_muc').include(database=false) }} as v
        where v.ma_tthc is not null
    ) as x
    where x.moi_nhat
    union all
    select
        'chua_anh_xa' as ma_tthc,
        'Chưa quy đổi được về danh mục' as ten_tthc
)
{%- endmacro %}

{#- A table by level: `dem` is SQL with one row a `cap` (and a value of each of `them`), counts named `cot`; `ty_le`: further columns
    from counts of alias `d`. -#}
{% macro bieu_theo_cap(dem, cot, ty_le='', them=[]) -%}
with dem as (
    {{ dem }}
),

pham_vi as (
    {{ pham_vi_bieu() }}
)

select
    d.pham_vi,
    {% for c in them + cot %}d.{{ c }}{{ ',' if not loop.last or ty_le }}
    {% endfor %}{{ ty_le }}
from (
    select
        v.pham_vi,
        v.thu_tu,
        {% for c in them %}m.{{ c }}, {% endfor %}
        {% for c in cot %}cast(coalesce(sum(m.{{ c }}), 0) as {{ 'decimal(28, 2)' if c.startswith('so_tien') else 'bigint' }}) as {{ c }}, {% endfor %}
        count(m.cap) as so_cap
    from pham_vi as v
    {{ 'inner' if them else 'left' }} join dem as m on v.pham_vi = m.cap or v.pham_vi = 'toan_tinh'
    group by v.pham_vi, v.thu_tu{% for c in them %}, m.{{ c }}{% endfor %}
) as d
where d.pham_vi <> 'khong_ro' or d.so_cap > 0
order by d.thu_tu asc nulls last{% for c in them %}, d.{{ c }} asc nulls last{% endfor %}
{%- endmacro %}

{#- A table by agency with its name on the last day of the window: `dem` has one row a `ma_don_vi` (and a value of each of `them`). -#}
{% macro bieu_theo_don_vi(dem, cot, ty_le='', them=[], bang='tthc__don_vi') -%}
select
    d.ma_don_vi,
    t.ten_don_vi,
    {% for c in them + cot %}d.{{ c }}{{ ',' if not loop.last or ty_le }}
    {% endfor %}{{ ty_le }}
from (
    {{ dem }}
) as d
left join {{ ten_don_vi_ngay('den_ngay', bang) }} as t on d.ma_don_vi = t.ma_don_vi
order by d.ma_don_vi asc nulls last{% for c in them %}, d.{{ c }} asc nulls last{% endfor %}
{%- endmacro %}

{#- Petitions of a window: new ones, those carried over, and how they stand at the end of it (not later than the as-of day). `khoa`: name →
    expression of what they are counted by; `tu`, `den`: the window; `khung`: what is joined where it is a row's and no parameter. -#}
{% macro dem_pakn(khoa, tu='tu_ngay', den='den_ngay', khung='') -%}
{%- set het = "least(" ~ cuoi_ngay('cast(' ~ den ~ ' as date)') ~ ", " ~ cuoi_ngay('k.ngay_so_lieu') ~ ")" -%}
select
    {% for ten in khoa %}p.{{ ten }},
    {% endfor -%}
    cast(count(*) filter (where p.moi) as bigint) as tiep_nhan,
    cast(count(*) filter (where not p.moi) as bigint) as ky_truoc,
    cast(count(*) filter (where p.xong) as bigint) as da_xu_ly,
    cast(count(*) filter (where p.xong and p.ngay_xu_ly <= p.han_xu_ly) as bigint) as dung_han,
    cast(count(*) filter (where p.xong and p.ngay_xu_ly > p.han_xu_ly) as bigint) as qua_han,
    cast(count(*) filter (where not p.xong) as bigint) as dang_xu_ly,
    cast(count(*) filter (where not p.xong and p.het_han) as bigint) as dang_qua_han,
    cast(count(*) filter (where p.cong_khai) as bigint) as cong_khai,
    cast(count(*) filter (where p.hai_long = 'hai_long') as bigint) as hai_long,
    cast(count(*) filter (where p.hai_long is not null) as bigint) as co_danh_gia
from (
    -- What depends on the window stands in columns: Spark counts by no parameter.
    select
        {% for ten, bieu_thuc in khoa.items() %}{{ bieu_thuc }} as {{ ten }},
        {% endfor -%}
        cast(k.ngay_tiep_nhan as date) >= {{ tu }} as moi,
        coalesce(k.ngay_xu_ly <= {{ het }}, false) as xong,
        k.han_xu_ly < {{ het }} as het_han,
        k.ngay_cong_khai <= {{ het }} as cong_khai,
        k.ngay_xu_ly,
        k.han_xu_ly,
        -- a rating is of the handling: none of one that came later
        case when coalesce(k.ngay_xu_ly <= {{ het }}, true) then k.hai_long end as hai_long
    from {{ ref('tthc__pakn_chi_tiet').include(database=false) }} as k
    {{ khung }}
    where
        cast(k.ngay_tiep_nhan as date) <= {{ den }}
        and (
            k.ngay_xu_ly is null
            or cast(k.ngay_xu_ly as date) >= {{ tu }}
            or cast(k.ngay_tiep_nhan as date) >= {{ tu }}
        )
) as p
group by {% for ten in khoa %}p.{{ ten }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}

{% macro cot_pakn() -%}
{{ return([
    'tiep_nhan', 'ky_truoc', 'da_xu_ly', 'dung_han', 'qua_han', 'dang_xu_ly', 'dang_qua_han', 'cong_khai', 'hai_long',
    'co_danh_gia',
]) }}
{%- endmacro %}

{% macro ty_le_pakn() -%}
{{ ty_le('d.dung_han', '(d.dung_han + d.qua_han)') }} as ty_le_dung_han,
{{ ty_le('d.hai_long', 'd.co_danh_gia') }} as ty_le_hai_long
{%- endmacro %}

{#- Dossiers refused, withdrawn or stopped in a window by group of reasons. -#}
{% macro dem_tra_lai(khoa, ten) -%}
select
    {{ khoa }} as {{ ten }},
    h.ly_do_tra_lai as ly_do,
    cast(count(*) as bigint) as so_ho_so,
    cast(count(*) filter (where h.trang_thai = 'khong_duoc_tiep_nhan') as bigint) as tu_choi_tiep_nhan,
    cast(count(*) filter (where h.trang_thai = 'cong_dan_rut') as bigint) as cong_dan_rut,
    cast(count(*) filter (where h.trang_thai = 'dung_xu_ly') as bigint) as dung_xu_ly
from {{ ref('tthc__ho_so').include(database=false) }} as h
where h.ngay_tra_lai >= tu_ngay and h.ngay_tra_lai <= den_ngay
group by {{ khoa }}, h.ly_do_tra_lai
{%- endmacro %}

{% macro cot_tra_lai() -%}
{{ return(['so_ho_so', 'tu_choi_tiep_nhan', 'cong_dan_rut', 'dung_xu_ly']) }}
{%- endmacro %}

{#- Digitisation of the dossiers newly received in a window, in their newest state. -#}
{% macro dem_so_hoa(khoa, ten) -%}
select
    {{ khoa }} as {{ ten }},
    cast(count(*) as bigint) as tiep_nhan,
    cast(count(*) filter (where h.so_hoa_ho_so) as bigint) as so_hoa_ho_so,
    cast(count(*) filter (where h.ket_qua_dien_tu) as bigint) as ket_qua_dien_tu,
    cast(count(*) filter (where h.so_hoa_ho_so and h.ket_qua_dien_tu) as bigint) as so_hoa_ca_hai,
    cast(count(*) filter (where h.tai_su_dung) as bigint) as tai_su_dung,
    cast(count(*) filter (where h.dua_vao_kho_ca_nhan) as bigint) as dua_vao_kho_ca_nhan,
    cast(count(*) filter (where h.dung_du_lieu_dan_cu) as bigint) as dung_du_lieu_dan_cu
from {{ ref('tthc__ho_so').include(database=false) }} as h
where
    h.duoc_tiep_nhan
    and cast(h.ngay_tiep_nhan as date) >= tu_ngay
    and cast(h.ngay_tiep_nhan as date) <= den_ngay
group by {{ khoa }}
{%- endmacro %}

{% macro cot_so_hoa() -%}
{{ return([
    'tiep_nhan', 'so_hoa_ho_so', 'ket_qua_dien_tu', 'so_hoa_ca_hai', 'tai_su_dung', 'dua_vao_kho_ca_nhan',
    'dung_du_lieu_dan_cu',
]) }}
{%- endmacro %}

{% macro ty_le_so_hoa() -%}
{{ ty_le('d.so_hoa_ho_so', 'd.tiep_nhan') }} as ty_le_so_hoa,
{{ ty_le('d.ket_qua_dien_tu', 'd.tiep_nhan') }} as ty_le_ket_qua_dien_tu,
{{ ty_le('d.tai_su_dung', 'd.tiep_nhan') }} as ty_le_tai_su_dung
{%- endmacro %}

{#- Payment attempts of a window. -#}
{% macro dem_thanh_toan(khoa, ten) -%}
select
    {{ khoa }} as {{ ten }},
    cast(count(*) as bigint) as so_giao_dich,
    cast(count(*) filter (where g.ket_qua = 'thanh_cong') as bigint) as thanh_cong,
    cast(count(*) filter (where g.ket_qua = 'that_bai') as bigint) as that_bai,
    cast(count(*) filter (where g.ket_qua = 'thanh_cong' and g.kenh = 'dvcqg') as bigint) as thanh_cong_dvcqg,
    cast(count(*) filter (where g.ket_qua = 'thanh_cong' and g.kenh = 'tinh') as bigint) as thanh_cong_tinh,
    cast(count(*) filter (where g.ket_qua = 'thanh_cong' and g.kenh = 'quay') as bigint) as thanh_cong_quay,
    cast(count(distinct case when g.ket_qua = 'thanh_cong' then g.ma_ho_so end) as bigint) as so_ho_so,
    cast(coalesce(sum(g.so_tien) filter (where g.ket_qua = 'thanh_cong'), 0) as decimal(28, 2)) as so_tien
from {{ ref('tthc__giao_dich').include(database=false) }} as g
where g.ngay >= tu_ngay and g.ngay <= den_ngay
group by {{ khoa }}
{%- endmacro %}

{% macro cot_thanh_toan() -%}
{{ return([
    'so_giao_dich', 'thanh_cong', 'that_bai', 'thanh_cong_dvcqg', 'thanh_cong_tinh', 'thanh_cong_quay', 'so_ho_so',
    'so_tien',
]) }}
{%- endmacro %}

{% macro ty_le_thanh_toan() -%}
{{ ty_le('d.thanh_cong', 'd.so_giao_dich') }} as ty_le_thanh_cong,
{{ ty_le('(d.thanh_cong_dvcqg + d.thanh_cong_tinh)', 'd.thanh_cong') }} as ty_le_truc_tuyen
{%- endmacro %}

{#- Registrations of a window by register. A date known to its month or year is an interval (R11): one that lies inside. -#}
{% macro dem_dang_ky(khoa='') -%}
select
    {% if khoa %}{{ khoa }},
    {% endif -%}
    r.loai_so,
    cast(count(*) as bigint) as so_luong,
    cast(count(*) filter (where r.dung_han) as bigint) as dung_han,
    cast(count(*) filter (where r.dung_han is not null) as bigint) as dung_han_mau_so,
    cast(count(*) filter (where r.co_so_dinh_danh) as bigint) as co_so_dinh_danh,
    cast(count(*) filter (where r.gioi_tinh = 'nam') as bigint) as so_nam,
    cast(count(*) filter (where r.gioi_tinh = 'nu') as bigint) as so_nu
from {{ ref('ho_tich__dang_ky').include(database=false) }} as r
where r.ngay_dang_ky_tu >= tu_ngay and r.ngay_dang_ky_den <= den_ngay
group by {% if khoa %}{{ khoa }}, {% endif %}r.loai_so
{%- endmacro %}

{% macro cot_dang_ky() -%}
{{ return(['so_luong', 'dung_han', 'dung_han_mau_so', 'co_so_dinh_danh', 'so_nam', 'so_nu']) }}
{%- endmacro %}
