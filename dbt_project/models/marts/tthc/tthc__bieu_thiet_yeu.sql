{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
{%- set tu, den = 'tu_ngay', 'den_ngay' %}
-- Essential services in force on a day of the window, one row a procedure; a service without a dossier is a row with 0. A dossier
-- counts where its procedure was one on the day of receipt, so that whole months add up to `tthc.thiet_yeu`.
with dich_vu as (
    select
        v.ma_tthc,
        max(v.ma_tthc_qg) as ma_tthc_qg
    from {{ ref('tthc__danh_muc').include(database=false) }} as v
    where
        v.thiet_yeu
        and v.hieu_luc_tu <= {{ den }}
        and (v.hieu_luc_den is null or v.hieu_luc_den >= {{ tu }})
    group by v.ma_tthc
),

dem as (
    select
        h.ma_tthc,
        count(*) as so_ho_so,
        count(*) filter (where h.kenh = 'truc_tuyen') as truc_tuyen
    from {{ ref('tthc__ho_so').include(database=false) }} as h
    where
        h.duoc_tiep_nhan
        and h.co_anh_xa
        and h.thiet_yeu
        and cast(h.ngay_tiep_nhan as date) >= {{ tu }}
        and cast(h.ngay_tiep_nhan as date) <= {{ den }}
    group by h.ma_tthc
)

select
    s.ma_tthc,
    s.ma_tthc_qg,
    t.ten_tthc,
    cast(coalesce(c.so_ho_so, 0) as bigint) as so_ho_so,
    cast(coalesce(c.truc_tuyen, 0) as bigint) as truc_tuyen,
    {{ ty_le('c.truc_tuyen', 'c.so_ho_so') }} as ty_le
from dich_vu as s
left join dem as c on s.ma_tthc = c.ma_tthc
left join {{ ten_tthc_ngay('den_ngay') }} as t on s.ma_tthc = t.ma_tthc
order by s.ma_tthc asc nulls last
