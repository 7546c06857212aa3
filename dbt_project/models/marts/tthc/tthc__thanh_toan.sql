-- Payment attempts by month, agency, procedure, channel, result and error code.
select
    {{ ky_thang('g.ngay') }} as ky,
    g.ma_don_vi,
    g.ma_tthc,
    g.kenh,
    g.ket_qua,
    g.ma_loi,
    cast(count(*) as bigint) as so_giao_dich,
    cast(count(distinct g.ma_ho_so) as bigint) as so_ho_so,
    cast(sum(g.so_tien) as decimal(28, 2)) as so_tien,
    g.ngay_so_lieu,
    g.phien_ban
from {{ ref('tthc__giao_dich') }} as g
group by {{ ky_thang('g.ngay') }}, g.ma_don_vi, g.ma_tthc, g.kenh, g.ket_qua, g.ma_loi, g.ngay_so_lieu, g.phien_ban
