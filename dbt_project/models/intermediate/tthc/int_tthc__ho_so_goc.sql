{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='ngay_tiep_nhan',
    theo={
        'int_tthc__ho_so_don_vi': 'ma_ho_so',
        'int_tthc__buoc_ho_so': 'ma_ho_so',
        'int_tthc__anh_xa': "select h.ma_ho_so from trung_gian.int_tthc__ho_so_don_vi as h inner join {doi} as d on h.ma_tthc_xuat = d.ma_tthc_xuat and h.ten_tthc_xuat = d.ten_tthc_xuat and h.cap = d.cap",
    },
) }}
-- Each dossier with its procedure (R7), its time limit, its class for counting and the moment it ended (R4, R5).
select
    h.ma_ho_so,
    coalesce(v.ma_tthc, nullif(h.ma_tthc_xuat, '')) as ma_tthc,
    v.ma_tthc_qg,
    -- A text of the export is shown only where a catalogue has it.
    coalesce(v.ten_tthc, ct.chu, case when h.ten_tthc_xuat <> '' then {{ ngoai_danh_muc() }} end) as ten_tthc,
    coalesce(v.linh_vuc, cl.chu, case when h.linh_vuc_xuat <> '' then {{ ngoai_danh_muc() }} end) as linh_vuc,
    v.ma_tthc is not null as co_anh_xa,
    v.cap as cap_tthc,
    v.muc_do_dvc,
    v.thiet_yeu,
    v.co_phi,
    h.ma_don_vi,
    h.ma_don_vi_hien_nay,
    h.ten_don_vi,
    nullif(h.cap, '') as cap,
    h.don_vi_trong_hieu_luc,
    h.kenh,
    h.ma_nguoi,
    h.ngay_tiep_nhan,
    h.ngay_hen_tra,
    h.ngay_ket_thuc,
    h.ngay_tra,
    h.trang_thai,
    {{ phan_loai_ho_so('h.trang_thai', 'h.ngay_ket_thuc') }} as phan_loai,
    case
        when h.trang_thai = 'moi_dang_ky' then null
        when h.trang_thai in ('khong_duoc_tiep_nhan', 'cong_dan_rut', 'dung_xu_ly')
            then coalesce(h.ngay_ket_thuc, h.ngay_tra, b.buoc_cuoi)
        when {{ da_xong('h.trang_thai', 'h.ngay_ket_thuc') }}
            then coalesce(h.ngay_ket_thuc, h.ngay_tra)
    end as ket_thuc_luc,
    -- the day a dossier leaves R5's counts: never before its receipt, so that adjoining windows chain
    case
        when h.trang_thai in ('moi_dang_ky', 'khong_duoc_tiep_nhan') then null
        when h.ngay_ket_thuc is not null
            then greatest(cast(h.ngay_ket_thuc as date), cast(h.ngay_tiep_nhan as date))
        when
            h.trang_thai in ('cong_dan_rut', 'dung_xu_ly', 'da_xu_ly_xong', 'da_tra_ket_qua')
            and h.ngay_tra is not null
            then greatest(cast(h.ngay_tra as date), cast(h.ngay_tiep_nhan as date))
        when h.trang_thai in ('cong_dan_rut', 'dung_xu_ly') and b.buoc_cuoi is not null
            then greatest(cast(b.buoc_cuoi as date), cast(h.ngay_tiep_nhan as date))
    end as ngay_ra,
    h.ngay_bat_dau,
    h.so_thu_tu_bat_dau,
    -- R3 without pauses: a working-day number, or for the unit `ngay` a date not yet rolled off a day off.
    case
        when v.don_vi_thoi_han = 'trong_ngay'
            then h.so_thu_tu_bat_dau + case when h.nhan_truoc_15h then 0 else 1 end
        when v.thoi_han < 0 then null
        when v.don_vi_thoi_han = 'ngay_lam_viec' then h.so_thu_tu_bat_dau + v.thoi_han
        when v.don_vi_thoi_han = 'gio' then h.so_thu_tu_bat_dau + {{ lam_tron_len_8('v.thoi_han') }}
    end as so_thu_tu_han,
    case
        when v.don_vi_thoi_han = 'ngay' and v.thoi_han >= 0 then {{ cong_ngay('h.ngay_bat_dau', 'v.thoi_han') }}
    end as ngay_han,
    v.thoi_han,
    v.don_vi_thoi_han,
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
    b.ma_ho_so is not null as co_buoc,
    b.xong_luc,
    b.tra_luc,
    h.ma_tep,
    h.trang_tinh,
    h.dong,
    h.ten_tthc_xuat
from {{ phan_doi(ref('int_tthc__ho_so_don_vi'), 'ma_ho_so') }} as h
{{ ghep_thu_tuc('h') }}
left join {{ ref('int_tthc__chu_danh_muc') }} as ct on ct.loai = 'ten_tthc' and h.ten_tthc_xuat = ct.chu
left join {{ ref('int_tthc__chu_danh_muc') }} as cl on cl.loai = 'linh_vuc' and h.linh_vuc_xuat = cl.chu
left join {{ phan_doi(ref('int_tthc__buoc_ho_so'), 'ma_ho_so') }} as b on h.ma_ho_so = b.ma_ho_so
