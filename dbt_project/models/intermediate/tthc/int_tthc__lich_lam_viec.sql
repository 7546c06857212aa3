-- R2: each day with the first working day on or after it, so that "roll forward" is a join.
select
    l.ngay,
    l.la_ngay_lam_viec,
    l.so_thu_tu_lam_viec as so_thu_tu,
    k.ngay as ngay_lam_viec_ke,
    k.so_thu_tu_lam_viec as so_thu_tu_ke,
    l.tam_tinh
from {{ ref('lich') }} as l
left join {{ ref('lich') }} as k
    on
        k.la_ngay_lam_viec
        and k.so_thu_tu_lam_viec = l.so_thu_tu_lam_viec + case when l.la_ngay_lam_viec then 0 else 1 end
