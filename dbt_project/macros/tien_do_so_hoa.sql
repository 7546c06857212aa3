{#- Digitisation progress over the columns of a grain, as a query.

    Forecast: books of which two dated states exist give the pace (records approved between the first of their first dates and
    the last of their last dates); what is left of all books at that pace gives the day, counted from the newest date. Done:
    the newest date itself. Never before the as-of day while something is left. No pace, or more than a hundred years: null. -#}
{% macro tien_do_so_hoa(cot) %}
{%- set hat = cot | join(', ') -%}
with gop as (
    select
        {{ hat }},
        count(*) as so_quyen,
        sum(so_truong_hop) as so_truong_hop,
        sum(da_nhap) as da_nhap,
        sum(da_doi_soat) as da_doi_soat,
        sum(da_phe_duyet) as da_phe_duyet,
        max(ngay_cap_nhat) as ngay_moi_nhat,
        sum(duyet_them) as duyet_them,
        min(case when duyet_them is not null then ngay_dau end) as nhip_tu,
        max(case when duyet_them is not null then ngay_cap_nhat end) as nhip_den
    from {{ ref('int_ho_tich__so_hoa') }}
    group by {{ hat }}
),

con_lai as (
    select
        g.*,
        g.so_truong_hop - coalesce(g.da_phe_duyet, 0) as chua_duyet,
        {{ so_ngay('g.nhip_tu', 'g.nhip_den') }} as nhip_ngay
    from gop as g
),

du_kien as (
    select
        c.*,
        -- Whole days, rounded up: integers only, so that every engine gives the same day.
        case
            when c.chua_duyet > 0 and c.duyet_them > 0
                then {{ chia_nguyen('c.chua_duyet * c.nhip_ngay + c.duyet_them - 1', 'c.duyet_them') }}
        end as so_ngay_con
    from con_lai as c
)

select
    {% for c in cot -%}
    cast(d.{{ c }} as {{ 'bigint' if c == 'giai_doan' else 'varchar' }}) as {{ c }},
    {% if c == 'loai_so' -%}
    {{ nhan_danh_muc('loai_so', 'd.loai_so') }} as loai_so_ten,
    {% endif -%}
    {% endfor -%}
    cast(d.so_quyen as bigint) as so_quyen,
    cast(d.so_truong_hop as bigint) as so_truong_hop,
    cast(d.da_nhap as bigint) as da_nhap,
    cast(d.da_doi_soat as bigint) as da_doi_soat,
    cast(d.da_phe_duyet as bigint) as da_phe_duyet,
    cast({{ ty_le('d.da_phe_duyet', 'd.so_truong_hop') }} as double) as ty_le,
    cast(
        case
            when d.chua_duyet <= 0 then d.ngay_moi_nhat
            when d.so_ngay_con <= 36500
                then greatest({{ cong_ngay('d.ngay_moi_nhat', 'd.so_ngay_con') }}, p.ngay_so_lieu)
        end as date
    ) as ngay_du_kien_xong,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from du_kien as d
cross join {{ source('so_cai', 'tham_so') }} as p
{% endmacro %}
