{{ config(materialized='view') }}
-- R12: dossiers on which the province and the national portal do not agree.
select
    cast(h.ma_ho_so as varchar) as ma_ho_so,
    cast(h.ma_don_vi as varchar) as ma_don_vi,
    cast(h.ma_tthc as varchar) as ma_tthc,
    cast(h.loai_lech as varchar) as loai_lech,
    {{ nhan_danh_muc('loai_lech', 'h.loai_lech') }} as loai_lech_ten,
    cast(h.nguyen_nhan as varchar) as nguyen_nhan,
    cast(h.ngay_hen_tra_tinh as timestamp) as ngay_hen_tra_tinh,
    cast(h.ngay_hen_tra_qg as timestamp) as ngay_hen_tra_qg,
    cast(h.ket_qua_tinh as varchar) as ket_qua_tinh,
    cast(h.ket_qua_qg as varchar) as ket_qua_qg,
    cast(h.so_ngay_lech as bigint) as so_ngay_lech,
    cast(h.ky as varchar) as ky,
    cast(h.trang_thai_tinh as varchar) as trang_thai_tinh,
    cast(h.trang_thai_qg as varchar) as trang_thai_qg,
    cast(h.ket_thuc_tinh as timestamp) as ngay_ket_thuc_tinh,
    cast(h.ket_thuc_qg as timestamp) as ngay_ket_thuc_qg,
    cast(h.ngay_dong_bo as timestamp) as ngay_dong_bo,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('int_doi_soat__hai_cong') }} as h
cross join {{ source('so_cai', 'tham_so') }} as p
where h.loai_lech not in ('khop', 'khong_xet')
