{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{%- set tu, den = 'tu_ngay', 'den_ngay' %}
-- Dossiers of essential services (as of the day of receipt) by agency in charge.
select
    d.ma_don_vi,
    t.ten_don_vi,
    d.so_ho_so,
    d.truc_tuyen,
    {{ ty_le('d.truc_tuyen', 'd.so_ho_so') }} as ty_le
from (
    select
        h.ma_don_vi,
        cast(count(*) as bigint) as so_ho_so,
        cast(count(*) filter (where h.kenh = 'truc_tuyen') as bigint) as truc_tuyen
    from {{ ref('tthc__ho_so').include(database=false) }} as h
    where
        h.duoc_tiep_nhan
        and h.co_anh_xa
        and h.thiet_yeu
        and cast(h.ngay_tiep_nhan as date) >= {{ tu }}
        and cast(h.ngay_tiep_nhan as date) <= {{ den }}
    group by h.ma_don_vi
) as d
left join {{ ten_don_vi_ngay('den_ngay') }} as t on d.ma_don_vi = t.ma_don_vi
order by d.ma_don_vi asc nulls last
