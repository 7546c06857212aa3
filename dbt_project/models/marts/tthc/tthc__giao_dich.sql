-- Payment attempts with the agency and procedure of their dossier: what windows are counted from.
select
    g.ma_giao_dich,
    g.ma_ho_so,
    g.thoi_diem,
    cast(g.thoi_diem as date) as ngay,
    h.ma_don_vi,
    h.cap,
    case when h.co_anh_xa then h.ma_tthc when h.ma_ho_so is not null then 'chua_anh_xa' end as ma_tthc,
    g.kenh,
    {{ nhan_danh_muc('kenh_thanh_toan', 'g.kenh') }} as kenh_ten,
    g.ket_qua,
    {{ nhan_danh_muc('ket_qua_thanh_toan', 'g.ket_qua') }} as ket_qua_ten,
    g.ma_loi,
    g.so_tien,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('stg_dvc__thanh_toan') }} as g
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__ho_so_goc') }} as h on g.ma_ho_so = h.ma_ho_so
