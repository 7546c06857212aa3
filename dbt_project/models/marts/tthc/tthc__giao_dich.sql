{{ config(materialized='view', nhu='int_tthc__giao_dich') }}
-- Payment attempts with the agency and procedure of their dossier: what windows are counted from.
select
    g.ma_giao_dich,
    g.ma_ho_so,
    g.thoi_diem,
    cast(g.thoi_diem as date) as ngay,
    g.ma_don_vi,
    g.cap,
    g.ma_tthc,
    g.kenh,
    {{ nhan_danh_muc('kenh_thanh_toan', 'g.kenh') }} as kenh_ten,
    g.ket_qua,
    {{ nhan_danh_muc('ket_qua_thanh_toan', 'g.ket_qua') }} as ket_qua_ten,
    g.ma_loi,
    g.so_tien,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('int_tthc__giao_dich') }} as g
cross join {{ source('so_cai', 'tham_so') }} as p
