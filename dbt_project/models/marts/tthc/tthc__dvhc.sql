-- R6: the frozen reference of administrative units; a code means nothing without a date.
select
    d.cap,
    d.ma,
    d.ten,
    d.ma_cha,
    d.hieu_luc_tu,
    d.hieu_luc_den,
    p.ngay_so_lieu,
    p.phien_ban
from {{ source('dvhc', 'don_vi') }} as d
cross join {{ source('so_cai', 'tham_so') }} as p
