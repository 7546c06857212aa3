{#- Dossiers open at the end of day `ngay` (R5) with the working days to their due day (`con_lai`, negative when late). As of the
    run's day they are those with `dang_xu_ly`; a day earlier is rebuilt from the day on which each was received and left. One that
    was returned or finished without a day is never open. -#}
{% macro ho_so_mo_cuoi_ngay(ngay) -%}
select
    h.ma_ho_so,
    h.ma_don_vi,
    h.ten_tthc,
    h.ngay_tre_tu,
    cast(h.ngay_tiep_nhan as date) as ngay_nhan,
    e.so_thu_tu as han_thu_tu,
    n.so_thu_tu as nay_thu_tu,
    e.so_thu_tu - n.so_thu_tu as con_lai
from {{ ref('tthc__ho_so') }} as h
cross join {{ source('so_cai', 'tham_so') }} as t
inner join {{ ref('int_tthc__lich_lam_viec') }} as n on n.ngay = {{ ngay }}
left join {{ ref('int_tthc__lich_lam_viec') }} as e on cast(h.ngay_hen_tra as date) = e.ngay
where
    h.duoc_tiep_nhan
    and cast(h.ngay_tiep_nhan as date) <= {{ ngay }}
    and (h.ngay_ra > {{ ngay }} or (h.ngay_ra is null and h.dang_xu_ly is not null))
{%- endmacro %}
