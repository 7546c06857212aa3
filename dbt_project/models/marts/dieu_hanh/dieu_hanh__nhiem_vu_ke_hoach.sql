-- Tasks by plan, agency and state.
select
    n.ke_hoach,
    n.ma_don_vi,
    n.trang_thai,
    {{ nhan_danh_muc('trang_thai_nhiem_vu', 'n.trang_thai') }} as trang_thai_ten,
    cast(count(*) as bigint) as so_nhiem_vu,
    cast(count(*) filter (where n.qua_han) as bigint) as qua_han,
    cast(count(*) filter (where n.thuong_xuyen) as bigint) as thuong_xuyen,
    n.ngay_so_lieu,
    n.phien_ban
from {{ ref('dieu_hanh__nhiem_vu') }} as n
group by n.ke_hoach, n.ma_don_vi, n.trang_thai, n.ngay_so_lieu, n.phien_ban
