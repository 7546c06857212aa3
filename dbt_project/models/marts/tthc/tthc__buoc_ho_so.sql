{{ config(materialized='view', nhu='int_tthc__buoc_chi_tiet') }}
-- Every step of every dossier with its class and the working hours until the next one.
select
    b.ma_ho_so,
    b.thoi_diem,
    b.trang_thai,
    {{ nhan_danh_muc('trang_thai_ho_so', 'b.trang_thai') }} as trang_thai_ten,
    b.loai_buoc,
    {{ nhan_danh_muc('loai_buoc', 'b.loai_buoc') }} as loai_buoc_ten,
    b.ma_don_vi,
    b.so_gio_den_buoc_sau,
    b.la_buoc_cuoi,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('int_tthc__buoc_chi_tiet') }} as b
cross join {{ source('so_cai', 'tham_so') }} as p
