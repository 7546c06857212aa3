{#- Anatomy of the six groups. Every group has a table `chi_tiet_<group>`: month × object (dossier, procedure,
    petition, agency) with one column a counted component, `vai_<code>`, which says what the object is in it:
      `tu_so`            in the numerator (and the denominator)
      `mau_so: <reason>`   in the denominator only, and why not in the numerator
      `loai_tru: <reason>` counted nowhere, and why
      null               the component is not about such objects.
    `pham_vi`: `chung` counts for the agency and the province, `tinh` for the province only, `don_vi` for the agency. -#}

{#- Counted components of a group. -#}
{% macro chi_so_dem(nhom) -%}
{{ return({
    'cong_khai': ['1.1', '1.2', '1.3', '1.4'],
    'tien_do': ['2.1'],
    'truc_tuyen': ['3.1', '3.2', '3.3'],
    'thanh_toan': ['3.5', '3.5b', '3.6'],
    'so_hoa': ['4.1', '4.2', '4.2c', '4.3', '4.4', '4.5a', '4.5b'],
    'hai_long': ['5.1', '5.2', '5.3', '5.4'],
}[nhom]) }}
{%- endmacro %}

{#- Column of a component's role. -#}
{% macro cot_vai(ma) -%}
{{ return('vai_' ~ ma | replace('.', '_')) }}
{%- endmacro %}

{#- One part of an anatomy table: `vai` maps components to SQL expressions; the group's others are null. -#}
{% macro phan_chi_tiet(nhom, ky, pham_vi, loai, ma, don_vi, tthc, vai) -%}
cast({{ ky }} as varchar) as ky,
cast({{ pham_vi }} as varchar) as pham_vi,
cast('{{ loai }}' as varchar) as loai_doi_tuong,
cast({{ ma }} as varchar) as ma_doi_tuong,
cast({{ don_vi }} as varchar) as ma_don_vi,
cast({{ tthc }} as varchar) as ma_tthc,
{% for c in chi_so_dem(nhom) -%}
cast({{ vai.get(c, 'null') }} as varchar) as {{ cot_vai(c) }},
{% endfor -%}
cast(p.ngay_so_lieu as date) as ngay_so_lieu,
cast(p.phien_ban as varchar) as phien_ban
{%- endmacro %}

{#- Role of a received dossier; `h` is a row of int_chi_so_766__ho_so_nhan. -#}
{% macro vai_ho_so(dat, ly_do) -%}
case
    when h.ly_do_loai is not null then concat('loai_tru: ', h.ly_do_loai)
    when {{ dat }} then 'tu_so'
    else concat('mau_so: ', {{ ly_do }})
end
{%- endmacro %}

{#- Why a boolean field keeps a dossier out of the numerator: it says no, or nothing. -#}
{% macro ly_do_thieu(cot, ten) -%}
case when {{ cot }} is null then '{{ ten }}: không ghi' else '{{ ten }}: không' end
{%- endmacro %}

{#- Counts of a group: month × component × scope × agency × procedure. -#}
{% macro dem_nhom_766(nhom) -%}
with gop as (
    select
        ky,
        pham_vi,
        loai_doi_tuong,
        ma_don_vi,
        ma_tthc,
        {% for c in chi_so_dem(nhom) -%}
        {%- set v = cot_vai(c) -%}
        count(*) filter (where {{ v }} = 'tu_so') as tu_{{ v }},
        count(*) filter (where {{ v }} = 'tu_so' or {{ v }} like 'mau_so%') as mau_{{ v }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('chi_so_766__chi_tiet_' ~ nhom) }}
    group by ky, pham_vi, loai_doi_tuong, ma_don_vi, ma_tthc
)

{% for c in chi_so_dem(nhom) -%}
select
    ky,
    '{{ c }}' as cach_dem,
    pham_vi,
    loai_doi_tuong,
    ma_don_vi,
    ma_tthc,
    tu_{{ cot_vai(c) }} as tu_so,
    mau_{{ cot_vai(c) }} as mau_so
from gop
where mau_{{ cot_vai(c) }} > 0
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}

{#- Whether a component exists for an agency of a level: never where it is for the province only (R15). An agency of
    unknown level has the components of all levels. -#}
{% macro ap_dung_cho_don_vi(cap_ap_dung, cap) -%}
(
    ({{ cap }} = 'tinh' and {{ cap_ap_dung }} like 'tinh %')
    or ({{ cap }} = 'huyen' and {{ cap_ap_dung }} like '%huyen%')
    or ({{ cap }} = 'xa' and concat(' ', {{ cap_ap_dung }}, ' ') like '% xa %')
    or ({{ cap }} is null and concat({{ cap_ap_dung }}, ' ') like 'tinh huyen xa %')
)
{%- endmacro %}

{#- Mart of a group: month × agency (and the province under its code) × component. -#}
{% macro bang_nhom(nhom) -%}
with dem as (
    select
        d.ky,
        d.cach_dem,
        d.pham_vi,
        d.ma_don_vi,
        d.tu_so,
        d.mau_so,
        coalesce(v.ma_tinh, t.ma_tinh, c.ma_tinh) as ma_tinh
    from {{ ref('int_chi_so_766__dem_' ~ nhom) }} as d
    left join {{ ref('int_chi_so_766__don_vi_ky') }} as v on d.ky = v.ky and d.ma_don_vi = v.ma_don_vi
    left join {{ ref('int_chi_so_766__tinh_ky') }} as t on d.ky = t.ky and {{ ma_tinh('d.ma_don_vi') }} = t.ma_tinh
    left join {{ ref('int_chi_so_766__tinh_ky') }} as c on d.ky = c.ky and c.la_chinh
),

dem_tong as (
    select
        ky,
        ma_tinh as ma_don_vi,
        true as la_toan_tinh,
        cach_dem,
        sum(tu_so) as tu_so,
        sum(mau_so) as mau_so
    from dem
    where pham_vi in ('chung', 'tinh')
    group by ky, ma_tinh, cach_dem
    union all
    select
        ky,
        ma_don_vi,
        false as la_toan_tinh,
        cach_dem,
        sum(tu_so) as tu_so,
        sum(mau_so) as mau_so
    from dem
    where pham_vi in ('chung', 'don_vi') and ma_don_vi is not null
    group by ky, ma_don_vi, cach_dem
),

-- Agencies at work on the period's last day, and all that have something to count.
don_vi as (
    select
        m.ky,
        m.ma_don_vi,
        v.ten_don_vi,
        v.cap,
        false as la_toan_tinh
    from (
        select
            ky,
            ma_don_vi
        from dem_tong
        where not la_toan_tinh
        union
        select
            ky,
            ma_don_vi
        from {{ ref('int_chi_so_766__don_vi_ky') }}
        where hoat_dong
    ) as m
    left join {{ ref('int_chi_so_766__don_vi_ky') }} as v on m.ky = v.ky and m.ma_don_vi = v.ma_don_vi
    left join {{ ref('int_chi_so_766__tinh_ky') }} as t on m.ky = t.ky and m.ma_don_vi = t.ma_tinh
    where t.ma_tinh is null
    union all
    select
        ky,
        ma_tinh as ma_don_vi,
        'Toàn tỉnh' as ten_don_vi,
        'tinh' as cap,
        true as la_toan_tinh
    from {{ ref('int_chi_so_766__tinh_ky') }}
),

khung as (
    select
        m.ky,
        m.ma_don_vi,
        m.ten_don_vi,
        m.cap,
        m.la_toan_tinh,
        d.ma_chi_so,
        d.nhom,
        d.quy_tac,
        d.nguong,
        d.mau_so_bang_0,
        d.diem_toi_da,
        d.hieu_luc_tu,
        coalesce(s.tu_so, 0) as tu_so,
        coalesce(s.mau_so, 0) as mau_so
    from don_vi as m
    inner join {{ ref('int_chi_so_766__ky') }} as k on m.ky = k.ky
    inner join {{ ref('dinh_nghia_chi_so') }} as d
        on
            d.nhom = '{{ nhom }}'
            and d.hieu_luc_tu <= k.den_ngay
            and (d.hieu_luc_den is null or d.hieu_luc_den >= k.den_ngay)
            and (
                (m.la_toan_tinh and d.cap_ap_dung like 'tinh%')
                or (not m.la_toan_tinh and {{ ap_dung_cho_don_vi('d.cap_ap_dung', 'm.cap') }})
            )
    left join dem_tong as s
        on
            m.ky = s.ky
            and m.ma_don_vi = s.ma_don_vi
            and m.la_toan_tinh = s.la_toan_tinh
            and coalesce(d.cach_dem, d.ma_chi_so) = s.cach_dem
),

cham as (
    select
        *,
        {{ diem_766('quy_tac', 'nguong', 'mau_so_bang_0', 'diem_toi_da', 'tu_so', 'mau_so') }} as diem
    from khung
)

select
    cast(c.ky as varchar) as ky,
    cast(c.ma_don_vi as varchar) as ma_don_vi,
    cast(c.ten_don_vi as varchar) as ten_don_vi,
    cast(c.cap as varchar) as cap,
    cast(c.ma_chi_so as varchar) as ma_chi_so,
    cast(c.tu_so as bigint) as tu_so,
    cast(c.mau_so as bigint) as mau_so,
    {{ ty_le_766('c.tu_so', 'c.mau_so') }} as ty_le,
    c.diem,
    cast(c.diem_toi_da as decimal(9, 2)) as diem_toi_da,
    {{ diem_hien_thi('c.diem') }} as diem_hien_thi,
    cast(
        case
            when c.quy_tac = 'NONE' then 'khong_cham'
            when c.mau_so > 0 then 'co_mau_so'
            when c.mau_so_bang_0 = 'max' then 'mau_so_0_diem_toi_da'
            when c.mau_so_bang_0 = '0' then 'mau_so_0_diem_0'
            else 'khong_ap_dung'
        end as varchar
    ) as tinh_trang,
    cast(c.la_toan_tinh as boolean) as la_toan_tinh,
    cast(c.hieu_luc_tu as date) as dinh_nghia_tu,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from cham as c
cross join {{ source('so_cai', 'tham_so') }} as p
{%- endmacro %}

{#- Counts of all groups, one below the other. -#}
{% macro gop_dem() -%}
{% for n in ['cong_khai', 'tien_do', 'truc_tuyen', 'thanh_toan', 'so_hoa', 'hai_long'] -%}
select
    '{{ n }}' as nhom,
    ky,
    cach_dem,
    pham_vi,
    loai_doi_tuong,
    ma_don_vi,
    ma_tthc,
    tu_so,
    mau_so
from {{ ref('int_chi_so_766__dem_' ~ n) }}
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}

{#- Points of all groups, one below the other. -#}
{% macro gop_diem_thanh_phan() -%}
{% for n, b in {
    'cong_khai': 'cong_khai_minh_bach', 'tien_do': 'tien_do_giai_quyet', 'truc_tuyen': 'dich_vu_truc_tuyen',
    'thanh_toan': 'thanh_toan_truc_tuyen', 'so_hoa': 'so_hoa_ho_so', 'hai_long': 'muc_do_hai_long',
}.items() -%}
select
    '{{ n }}' as nhom,
    ky,
    ma_don_vi,
    ten_don_vi,
    ma_chi_so,
    tu_so,
    mau_so,
    ty_le,
    diem,
    diem_toi_da,
    la_toan_tinh,
    dinh_nghia_tu
from {{ ref('chi_so_766__' ~ b) }}
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}

{#- Roles of one component in one month, for the table macro `thanh_phan`. -#}
{% macro vai_thanh_phan() -%}
{% for n in ['cong_khai', 'tien_do', 'truc_tuyen', 'thanh_toan', 'so_hoa', 'hai_long'] -%}
{%- set cuoi_nhom = loop.last -%}
{%- for c in chi_so_dem(n) %}
    select
        ky,
        '{{ c }}' as ma,
        pham_vi,
        loai_doi_tuong,
        ma_doi_tuong,
        ma_don_vi,
        ma_tthc,
        {{ cot_vai(c) }} as vai
    from {{ ref('chi_so_766__chi_tiet_' ~ n).include(database=false) }}
    where ky = p_ky and {{ cot_vai(c) }} is not null
    {{ 'union all' if not (cuoi_nhom and loop.last) }}
{%- endfor -%}
{%- endfor %}
{%- endmacro %}
