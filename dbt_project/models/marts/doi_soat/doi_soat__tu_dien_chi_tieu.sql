-- Metric dictionary: every code that printed figures may use, with what it means. Codes of one metric share `ma_chuan`.
select
    cast(c.chi_tieu as varchar) as chi_tieu,
    cast(c.ma_chuan as varchar) as ma_chuan,
    cast(coalesce(g.ten, c.ten) as varchar) as ten,
    cast(c.cong_thuc as varchar) as cong_thuc,
    cast(c.co_so as varchar) as co_so,
    cast(c.don_vi_tinh as varchar) as don_vi_tinh,
    cast(c.nguon_mart as varchar) as nguon_mart,
    cast(c.tinh_chat as varchar) as tinh_chat,
    cast(c.cong_duoc as boolean) as cong_duoc,
    cast(c.phien_ban as integer) as phien_ban_chi_tieu,
    cast(c.hieu_luc_tu as date) as hieu_luc_tu,
    cast(c.hieu_luc_den as date) as hieu_luc_den,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('chi_tieu') }} as c
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('chi_tieu') }} as g on c.ma_chuan = g.chi_tieu
