{#- Bộ chỉ số 766 flows one way: definitions (seed dinh_nghia_chi_so, dated) → roles `int_chi_so_766__vai_<group>` (month ×
    object × counter, with `vai` and `ly_do`) → counts `…__dem_<group>` → points `…__diem_<group>` → marts. A group is a branch of
    its own, so that what endangers a feed reaches only the groups that count it.
    `vai`: `tu_so` in the numerator (and the denominator); `mau_so` in the denominator only, `ly_do` says why; `loai_tru` counted
    nowhere, `ly_do` says why. An object that a counter is not about has no row.
    `pham_vi`: `chung` counts for the agency and the province, `tinh` for the province only, `don_vi` for the agency. -#}

{#- Groups and the marts of their points; tests hold them against the seed nhom_chi_so. -#}
{% macro nhom_766() -%}
{{ return({
    'cong_khai': 'cong_khai_minh_bach', 'tien_do': 'tien_do_giai_quyet', 'truc_tuyen': 'dich_vu_truc_tuyen',
    'thanh_toan': 'thanh_toan_truc_tuyen', 'so_hoa': 'so_hoa_ho_so', 'hai_long': 'muc_do_hai_long',
}) }}
{%- endmacro %}

{#- Roles by one counter (a value of `cach_dem` in the definitions), as a select list. `truong_hop`: (condition, role, reason)
    in order, conditions and reasons as SQL; a condition `true` ends the list. -#}
{% macro vai_766(cach_dem, ky, pham_vi, loai, ma, don_vi, tthc, truong_hop) -%}
cast({{ ky }} as varchar) as ky,
cast('{{ cach_dem }}' as varchar) as cach_dem,
cast({{ pham_vi }} as varchar) as pham_vi,
cast('{{ loai }}' as varchar) as loai_doi_tuong,
cast({{ ma }} as varchar) as ma_doi_tuong,
cast({{ don_vi }} as varchar) as ma_don_vi,
cast({{ tthc }} as varchar) as ma_tthc,
cast(case{% for dieu_kien, vai, ly_do in truong_hop %} when {{ dieu_kien }} then '{{ vai }}'{% endfor %} end as varchar) as vai,
cast(case{% for dieu_kien, vai, ly_do in truong_hop %} when {{ dieu_kien }} then {{ ly_do or 'null' }}{% endfor %} end as varchar) as ly_do
{%- endmacro %}

{#- Roles of received dossiers by one counter; `h` is a row of int_chi_so_766__ho_so_nhan. -#}
{% macro vai_ho_so(cach_dem, truong_hop, nguon=none) -%}
select
    {{ vai_766(cach_dem, 'h.ky', "'chung'", 'ho_so', 'h.ma_ho_so', 'h.ma_don_vi', 'h.ma_tthc',
        [('h.ly_do_loai is not null', 'loai_tru', 'h.ly_do_loai')] + truong_hop) }}
from {{ nguon or phan_doi(ref('int_chi_so_766__ho_so_nhan'), 'ky') }} as h
{%- endmacro %}

{#- Role of a procedure in the province's count; `t` is the procedure's row, `don_vi` the agency in charge of it. -#}
{% macro vai_tthc(cach_dem, truong_hop, don_vi='t.ma_don_vi') -%}
{{ vai_766(cach_dem, 't.ky', "'tinh'", 'tthc', 't.ma_tthc', don_vi, 't.ma_tthc', truong_hop) }}
{%- endmacro %}

{#- Cases of a boolean field: yes; no, or nothing said. -#}
{% macro dat_neu(dat, cot, ten) -%}
{{ return([
    (dat, 'tu_so', none),
    (cot ~ ' is null', 'mau_so', "'" ~ ten ~ ": không ghi'"),
    ('true', 'mau_so', "'" ~ ten ~ ": không'"),
]) }}
{%- endmacro %}

{#- Roles of one group as published. -#}
{% macro bang_chi_tiet(nhom) -%}
select
    v.ky,
    v.cach_dem,
    v.pham_vi,
    v.loai_doi_tuong,
    v.ma_doi_tuong,
    v.ma_don_vi,
    v.ma_tthc,
    v.vai,
    v.ly_do,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('int_chi_so_766__vai_' ~ nhom) }} as v
cross join {{ source('so_cai', 'tham_so') }} as p
{%- endmacro %}

{#- Counts of a group: month × counter × scope × agency × procedure. -#}
{% macro dem_nhom_766(nhom) -%}
select
    ky,
    cach_dem,
    pham_vi,
    loai_doi_tuong,
    ma_don_vi,
    ma_tthc,
    count(*) filter (where vai = 'tu_so') as tu_so,
    count(*) as mau_so
from {{ phan_doi(ref('int_chi_so_766__vai_' ~ nhom), 'ky') }} as v
where vai in ('tu_so', 'mau_so')
group by ky, cach_dem, pham_vi, loai_doi_tuong, ma_don_vi, ma_tthc
{%- endmacro %}

{#- Whether a component exists for an agency of a level: never where it is for the province only (R15). An agency of
    unknown level has the components of all levels. -#}
{% macro ap_dung_cho_don_vi(cap_ap_dung, cap) -%}
(
    ({{ cap }} = 'tinh' and {{ cap_ap_dung }} like 'tinh %')
    or ({{ cap }} = 'huyen' and {{ cap_ap_dung }} like '%huyen%')
    or ({{ cap }} = 'xa' and concat_ws('', ' ', {{ cap_ap_dung }}, ' ') like '% xa %')
    or ({{ cap }} is null and concat_ws('', {{ cap_ap_dung }}, ' ') like 'tinh huyen xa %')
)
{%- endmacro %}

{#- Whether a component exists for the province, or for an agency of a level. -#}
{% macro ap_dung_766(cap_ap_dung, cap, la_toan_tinh) -%}
(
    ({{ la_toan_tinh }} and {{ cap_ap_dung }} like 'tinh%')
    or (not {{ la_toan_tinh }} and {{ ap_dung_cho_don_vi(cap_ap_dung, cap) }})
)
{%- endmacro %}

{#- Points of a group: month × agency (and the province under its code) × component. A count that rests on a feed without a
    file for the month is unknown: no numerator, no denominator, no points. -#}
{% macro diem_nhom_766(nhom) -%}
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
        d.cach_dem,
        d.quy_tac,
        d.nguong,
        d.mau_so_bang_0,
        d.diem_toi_da,
        d.hieu_luc_tu,
        d.cum_tu,
        t.nguon_thieu,
        b.cach_dem is not null as co_cach_dem,
        case when b.cach_dem is not null and t.nguon_thieu is null then coalesce(s.tu_so, 0) end as tu_so,
        case when b.cach_dem is not null and t.nguon_thieu is null then coalesce(s.mau_so, 0) end as mau_so
    from don_vi as m
    inner join {{ ref('int_chi_so_766__ky') }} as k on m.ky = k.ky
    inner join {{ ref('dinh_nghia_chi_so') }} as d
        on
            d.nhom = '{{ nhom }}'
            and d.hieu_luc_tu <= k.den_ngay
            and (d.hieu_luc_den is null or d.hieu_luc_den >= k.den_ngay)
            and {{ ap_dung_766('d.cap_ap_dung', 'm.cap', 'm.la_toan_tinh') }}
    left join (
        select distinct cach_dem
        from {{ ref('cach_dem_766') }}
        where nhom = '{{ nhom }}'
    ) as b on d.cach_dem = b.cach_dem
    left join {{ ref('int_chi_so_766__thieu_nguon') }} as t on m.ky = t.ky and d.cach_dem = t.cach_dem
    left join dem_tong as s
        on
            m.ky = s.ky
            and m.ma_don_vi = s.ma_don_vi
            and m.la_toan_tinh = s.la_toan_tinh
            and d.cach_dem = s.cach_dem
)

select
    '{{ nhom }}' as nhom,
    ky,
    ma_don_vi,
    ten_don_vi,
    cap,
    ma_chi_so,
    tu_so,
    mau_so,
    {{ ty_le_766('tu_so', 'mau_so') }} as ty_le,
    {{ diem_766('quy_tac', 'nguong', 'mau_so_bang_0', 'diem_toi_da', 'tu_so', 'mau_so') }} as diem,
    diem_toi_da,
    case
        when not co_cach_dem then 'chua_co_cach_dem'
        when nguon_thieu is not null then 'thieu_nguon'
        when quy_tac = 'NONE' then 'khong_cham'
        when mau_so > 0 then 'co_mau_so'
        when mau_so_bang_0 = 'max' then 'mau_so_0_diem_toi_da'
        when mau_so_bang_0 = '0' then 'mau_so_0_diem_0'
        else 'khong_ap_dung'
    end as tinh_trang,
    nguon_thieu,
    la_toan_tinh,
    hieu_luc_tu as dinh_nghia_tu,
    cach_dem,
    cum_tu
from khung
{%- endmacro %}

{#- Mart of a group. -#}
{% macro bang_nhom(nhom) -%}
select
    cast(c.ky as varchar) as ky,
    cast(c.ma_don_vi as varchar) as ma_don_vi,
    cast(c.ten_don_vi as varchar) as ten_don_vi,
    cast(c.cap as varchar) as cap,
    cast(c.ma_chi_so as varchar) as ma_chi_so,
    cast(c.tu_so as bigint) as tu_so,
    cast(c.mau_so as bigint) as mau_so,
    c.ty_le,
    c.diem,
    cast(c.diem_toi_da as decimal(9, 2)) as diem_toi_da,
    {{ diem_hien_thi('c.diem') }} as diem_hien_thi,
    cast(c.tinh_trang as varchar) as tinh_trang,
    cast(c.nguon_thieu as varchar) as nguon_thieu,
    cast(c.la_toan_tinh as boolean) as la_toan_tinh,
    cast(c.dinh_nghia_tu as date) as dinh_nghia_tu,
    {{ tron_ky('c.ky', 'p.ngay_so_lieu') }} as tron_ky,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('int_chi_so_766__diem_' ~ nhom) }} as c
cross join {{ source('so_cai', 'tham_so') }} as p
{%- endmacro %}

{#- A model of every group, one below the other: `tien_to` is what stands before the group in its name. -#}
{% macro gop_nhom_766(tien_to, cot) -%}
{% for n in nhom_766() -%}
select
    '{{ n }}' as nhom,
    {{ cot | join(',\n    ') }}
from {{ ref(tien_to ~ n) }}
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}

{#- Roles of all groups in one month, for the table macro `thanh_phan`. -#}
{% macro vai_thanh_phan() -%}
{% for n in nhom_766() -%}
select
    cach_dem,
    pham_vi,
    loai_doi_tuong,
    ma_doi_tuong,
    ma_don_vi,
    ma_tthc,
    vai,
    ly_do
from {{ ref('chi_so_766__chi_tiet_' ~ n).include(database=false) }}
where ky = p_ky
{{ 'union all' if not loop.last }}
{% endfor %}
{%- endmacro %}
