select
    cast(d.ma_chi_so as varchar) as ma_chi_so,
    cast(d.nhom as varchar) as nhom,
    cast(d.ten as varchar) as ten,
    cast(d.diem_toi_da as decimal(9, 2)) as diem_toi_da,
    cast(d.tu_so as varchar) as tu_so,
    cast(d.mau_so as varchar) as mau_so,
    cast(d.quy_tac_diem as varchar) as quy_tac_diem,
    cast(d.hieu_luc_tu as date) as hieu_luc_tu,
    cast(d.hieu_luc_den as date) as hieu_luc_den,
    cast(d.can_cu as varchar) as can_cu,
    cast(d.ma_api as varchar) as ma_api,
    cast(n.ten_nhom as varchar) as ten_nhom,
    cast(n.bang as varchar) as bang,
    cast(d.quy_tac as varchar) as quy_tac,
    cast(d.nguong as decimal(9, 4)) as nguong,
    cast(d.mau_so_bang_0 as varchar) as mau_so_bang_0,
    cast(d.cap_ap_dung as varchar) as cap_ap_dung,
    cast(d.cach_dem as varchar) as cach_dem,
    cast(d.cum_tu as varchar) as cum_tu,
    cast(d.ly_do_khong_dem as varchar) as ly_do_khong_dem,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('dinh_nghia_chi_so') }} as d
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('nhom_chi_so') }} as n
    on
        d.nhom = n.nhom
        and d.hieu_luc_tu >= n.hieu_luc_tu
        and (n.hieu_luc_den is null or d.hieu_luc_tu <= n.hieu_luc_den)
