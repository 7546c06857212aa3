-- R2: the working calendar as reference data, with the ground of every day off that is no Saturday or Sunday.
select
    l.ngay,
    l.la_ngay_lam_viec,
    l.so_thu_tu_lam_viec as so_thu_tu,
    l.ten_ngay_nghi,
    case
        when d.ngay is not null then d.can_cu
        when l.ten_ngay_nghi is not null then 'Bộ luật Lao động 2019, Điều 112'
    end as can_cu,
    l.tam_tinh,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('lich') }} as l
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('lich_dieu_chinh') }} as d on l.ngay = d.ngay
