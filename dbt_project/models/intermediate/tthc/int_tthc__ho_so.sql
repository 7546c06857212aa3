{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='ngay_tiep_nhan',
    theo={
        'int_tthc__ho_so_goc': 'ma_ho_so',
        'int_tthc__han_giai_quyet': 'ma_ho_so',
        'int_tthc__cho_bo_sung': 'ma_ho_so',
        'int_tthc__tien_do_766': 'ma_ho_so',
        'int_tthc__ly_do_ho_so': 'ma_ho_so',
    },
    da_tinh=['so_cai.ten_hien'],
    theo_ngay=[
        "select ma_ho_so from trung_gian.int_tthc__ho_so_goc where phan_loai = 'dang_xu_ly' and cast(ngay_hen_tra as date) >= {tu} and cast(ngay_hen_tra as date) <= {den}",
        "select ma_ho_so from trung_gian.int_tthc__tien_do_766 where concat_ws('', lpad(cast(extract(year from {tu}) as varchar), 4, '0'), '-', lpad(cast(extract(month from {tu}) as varchar), 2, '0')) <> concat_ws('', lpad(cast(extract(year from {den}) as varchar), 4, '0'), '-', lpad(cast(extract(month from {den}) as varchar), 2, '0')) and ky in (concat_ws('', lpad(cast(extract(year from {tu}) as varchar), 4, '0'), '-', lpad(cast(extract(month from {tu}) as varchar), 2, '0')), concat_ws('', lpad(cast(extract(year from {den}) as varchar), 4, '0'), '-', lpad(cast(extract(month from {den}) as varchar), 2, '0')))",
    ],
) }}
-- Each dossier with its recomputed due dates and outcomes (R3, R3b, R4, R4b) and what R5 counts by.
{% set ket_thuc = 'cast(h.ket_thuc_luc as date)' %}
select
    h.ma_ho_so,
    h.ma_tthc,
    h.ma_tthc_qg,
    h.ten_tthc,
    h.linh_vuc,
    h.ma_don_vi,
    h.ma_don_vi_hien_nay,
    h.ten_don_vi,
    h.cap,
    h.kenh,
    h.muc_do_dvc,
    h.thiet_yeu,
    h.ngay_tiep_nhan,
    h.ngay_hen_tra,
    d.han_tinh_lai,
    d.han_phap_luat,
    d.han_khong_tam_dung,
    d.han_theo_ngay_lich,
    h.ngay_ket_thuc,
    h.ngay_tra,
    h.trang_thai,
    {{ ket_qua_han() }} as ket_qua_han,
    case
        when h.phan_loai <> 'da_giai_quyet' then null
        when d.han_tinh_lai is null then 'khong_han'
        when {{ ket_thuc }} < d.han_tinh_lai then 'truoc_han'
        when {{ ket_thuc }} > d.han_tinh_lai then 'qua_han'
        when h.ket_thuc_luc is not null then 'dung_han'
    end as ket_qua_han_tinh_lai,
    t.dung_han as dung_han_766,
    case
        when h.phan_loai <> 'dang_xu_ly' then null
        when h.ngay_hen_tra is null then 'khong_han'
        when {{ han_luc('h.ngay_hen_tra') }} < {{ cuoi_ngay('p.ngay_so_lieu') }} then 'qua_han'
        else 'trong_han'
    end as dang_xu_ly,
    h.phan_loai in ('tra_lai', 'tu_choi') as tra_lai,
    r.ly_do as ly_do_tra_lai,
    cast(
        case
            when h.ngay_ra is not null and h.so_thu_tu_bat_dau is not null and k.ngay is not null
                then
                    greatest(
                        k.so_thu_tu
                        - h.so_thu_tu_bat_dau
                        - coalesce(c.so_ngay_cho_bo_sung, 0),
                        0
                    )
        end as integer
    ) as so_ngay_xu_ly,
    d.so_ngay_tam_dung,
    coalesce(c.so_lan_bo_sung, 0) as so_lan_bo_sung,
    {{ phai_thanh_toan() }} as phai_thanh_toan,
    h.thanh_toan_truc_tuyen,
    h.ket_qua_dien_tu,
    h.so_hoa_ho_so,
    h.tai_su_dung,
    h.dua_vao_kho_ca_nhan,
    h.dung_du_lieu_dan_cu,
    h.nop_ho,
    h.tai_khoan,
    h.hinh_thuc_tra,
    h.so_ban_sao,
    h.phi_le_phi,
    c.so_ngay_cho_nop_phi,
    h.co_anh_xa,
    h.don_vi_trong_hieu_luc,
    {{ duoc_tiep_nhan() }} as duoc_tiep_nhan,
    h.ngay_ra,
    case when h.ngay_ra is not null then h.phan_loai end as loai_ra,
    {{ ngay_tre_tu() }} as ngay_tre_tu,
    case
        when h.phan_loai = 'tu_choi' then cast(coalesce(h.ket_thuc_luc, h.ngay_tiep_nhan) as date)
        when h.phan_loai = 'tra_lai' then h.ngay_ra
    end as ngay_tra_lai,
    y.tam_tinh as lich_du_kien,
    h.ma_nguoi,
    h.ma_tep,
    cast({{ da_che('h.trang_tinh') }} as varchar) as trang_tinh,
    h.dong
from {{ phan_doi(ref('int_tthc__ho_so_goc'), 'ma_ho_so') }} as h
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ phan_doi(ref('int_tthc__han_giai_quyet'), 'ma_ho_so') }} as d on h.ma_ho_so = d.ma_ho_so
left join {{ phan_doi(ref('int_tthc__cho_bo_sung'), 'ma_ho_so') }} as c on h.ma_ho_so = c.ma_ho_so
left join {{ phan_doi(ref('int_tthc__tien_do_766'), 'ma_ho_so') }} as t on h.ma_ho_so = t.ma_ho_so and {{ ky_thang('p.ngay_so_lieu') }} = t.ky
left join {{ phan_doi(ref('int_tthc__ly_do_ho_so'), 'ma_ho_so') }} as r on h.ma_ho_so = r.ma_ho_so
left join {{ ref('int_tthc__lich_lam_viec') }} as k on h.ngay_ra = k.ngay
left join {{ ref('int_tthc__lich_lam_viec') }} as y
    on coalesce(greatest(d.han_tinh_lai, d.han_phap_luat), d.han_tinh_lai) = y.ngay
