-- R6: agencies through time with their names, for the macros of this subject area.
select
    c.ma_don_vi,
    c.ten_don_vi,
    {{ khong_dau('c.ten_don_vi') }} as ten_khong_dau,
    c.cap,
    c.hieu_luc_tu,
    c.hieu_luc_den,
    {{ moi_nhat('c.ma_don_vi', 'p.ngay_so_lieu', 'c') }} as moi_nhat,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('stg_dvc__co_quan') }} as c
cross join {{ source('so_cai', 'tham_so') }} as p
