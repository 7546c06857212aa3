-- Payment attempts by month, agency, procedure, channel, result and error code.
select
    {{ ky_thang('g.ngay') }} as ky,
    g.ma_don_vi,
    g.ma_tthc,
    g.kenh,
    {{ nhan_danh_muc('kenh_thanh_toan', 'g.kenh') }} as kenh_ten,
    g.ket_qua,
    {{ nhan_danh_muc('ket_qua_thanh_toan', 'g.ket_qua') }} as ket_qua_ten,
    g.ma_loi,
    cast(count(*) as bigint) as so_giao_dich,
    cast(count(distinct g.ma_ho_so) as bigint) as so_ho_so,
    cast(sum(g.so_tien) as decimal(28, 2)) as so_tien,
    {{ tron_ky(ky_thang('g.ngay'), "g.ngay_so_lieu") }} as tron_ky,
    g.ngay_so_lieu,
    g.phien_ban
from {{ ref('tthc__giao_dich') }} as g
group by {{ ky_thang('g.ngay') }}, g.ma_don_vi, g.ma_tthc, g.kenh, g.ket_qua, g.ma_loi, g.ngay_so_lieu, g.phien_ban
