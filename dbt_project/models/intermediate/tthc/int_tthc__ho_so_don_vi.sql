{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='ngay_tiep_nhan',
    theo={
        'stg_dvc__ho_so': 'ma_ho_so',
    },
) }}
-- Newest state of each dossier with the unit's level on the day of receipt and today's unit (R6), and the day
-- its receipt counts from (R3: a receipt on a day off counts on the next working day at 08:00).
-- Blank codes and levels are '' here so that the procedure is found by an equality join.
select
    h.ma_ho_so,
    coalesce(trim(h.ma_tthc), '') as ma_tthc_xuat,
    coalesce(h.ten_tthc, '') as ten_tthc_xuat,
    h.linh_vuc as linh_vuc_xuat,
    h.ma_don_vi,
    coalesce(d.ten_don_vi, case when h.ten_don_vi <> '' then {{ ngoai_danh_muc() }} end) as ten_don_vi,
    coalesce(d.cap, '') as cap,
    coalesce(
        cast(h.ngay_tiep_nhan as date) >= d.hieu_luc_tu
        and (d.hieu_luc_den is null or cast(h.ngay_tiep_nhan as date) <= d.hieu_luc_den),
        false
    ) as don_vi_trong_hieu_luc,
    n.ma_don_vi_hien_nay,
    h.kenh,
    h.so_dinh_danh_khoa as ma_nguoi,
    h.ngay_tiep_nhan,
    h.ngay_hen_tra,
    h.ngay_ket_thuc,
    h.ngay_tra,
    h.trang_thai,
    h.phi_le_phi,
    h.thanh_toan_truc_tuyen,
    h.ket_qua_dien_tu,
    h.so_hoa_ho_so,
    h.tai_su_dung,
    h.ly_do_tra_lai,
    h.dua_vao_kho_ca_nhan,
    h.dung_du_lieu_dan_cu,
    h.nop_ho,
    h.tai_khoan,
    h.hinh_thuc_tra,
    h.so_ban_sao,
    coalesce(l.ngay_lam_viec_ke, cast(h.ngay_tiep_nhan as date)) as ngay_bat_dau,
    l.so_thu_tu_ke as so_thu_tu_bat_dau,
    not coalesce(l.la_ngay_lam_viec, true) or extract(hour from h.ngay_tiep_nhan) < 15 as nhan_truoc_15h,
    h._ma_tep as ma_tep,
    h._trang_tinh as trang_tinh,
    h._dong as dong
from {{ phan_doi(ref('stg_dvc__ho_so'), 'ma_ho_so') }} as h
left join {{ ref('int_tthc__don_vi_thoi_ky') }} as d
    on
        h.ma_don_vi = d.ma_don_vi
        and cast(h.ngay_tiep_nhan as date) >= d.ap_dung_tu
        and cast(h.ngay_tiep_nhan as date) <= d.ap_dung_den
left join {{ ref('int_tthc__don_vi_hien_nay') }} as n on h.ma_don_vi = n.ma_don_vi
left join {{ ref('int_tthc__lich_lam_viec') }} as l on cast(h.ngay_tiep_nhan as date) = l.ngay
