-- R5 for calendar months: month × agency in charge × procedure.
select
    d.ky,
    d.ma_don_vi,
    d.ma_tthc,
    {% for c in cot_giai_quyet() %}cast(d.{{ c }} as bigint) as {{ c }}, {% endfor %}
    {{ ty_le_giai_quyet() }},
    {{ tron_ky("d.ky", "p.ngay_so_lieu") }} as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from (
    select
        n.ky,
        n.ma_don_vi,
        n.ma_tthc,
        {{ dem_nhom('n.nhan', 'n.ra', 'n.so') }}
    from (
        select
            k.ky,
            h.ma_don_vi,
            case when h.co_anh_xa then h.ma_tthc else 'chua_anh_xa' end as ma_tthc,
            {{ nhom_nhan('k.tu_ngay') }} as nhan,
            {{ nhom_ra('k.den_ngay') }} as ra,
            count(*) as so
        from {{ ref('tthc__ho_so') }} as h
        inner join {{ ref('int_tthc__ky_so_lieu') }} as k
            on
                cast(h.ngay_tiep_nhan as date) <= k.den_ngay
                and coalesce(h.ngay_ra, date '9999-12-31') >= k.tu_ngay
                and ({{ thuoc_ky('k.tu_ngay', 'k.den_ngay') }})
        group by
            k.ky, h.ma_don_vi, case when h.co_anh_xa then h.ma_tthc else 'chua_anh_xa' end,
            {{ nhom_nhan('k.tu_ngay') }}, {{ nhom_ra('k.den_ngay') }}
    ) as n
    group by n.ky, n.ma_don_vi, n.ma_tthc
) as d
cross join {{ source('so_cai', 'tham_so') }} as p
