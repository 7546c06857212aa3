-- Dossiers with what R5 (`dem_giai_quyet`) and shares of digitisation and payment count by, for intermediates; `tthc.ho_so` has the same words.
{{ config(materialized='view') }}
select
    h.ma_ho_so,
    h.ma_don_vi,
    h.cap,
    h.ma_tthc,
    h.kenh,
    h.trang_thai,
    h.thiet_yeu,
    {{ phai_thanh_toan() }} as phai_thanh_toan,
    h.thanh_toan_truc_tuyen,
    h.ket_qua_dien_tu,
    h.so_hoa_ho_so,
    h.tai_su_dung,
    h.ngay_tiep_nhan,
    h.ngay_hen_tra,
    {{ ket_qua_han() }} as ket_qua_han,
    {{ duoc_tiep_nhan() }} as duoc_tiep_nhan,
    h.ngay_ra,
    case when h.ngay_ra is not null then h.phan_loai end as loai_ra,
    {{ ngay_tre_tu() }} as ngay_tre_tu,
    p.ngay_so_lieu
from {{ ref('int_tthc__ho_so_goc') }} as h
cross join {{ source('so_cai', 'tham_so') }} as p
