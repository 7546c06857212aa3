{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='ky',
    theo={
        'int_tthc__ho_so_don_vi': 'ma_ho_so',
        'int_tthc__anh_xa': "select h.ma_ho_so from trung_gian.int_tthc__ho_so_don_vi as h inner join {doi} as d on h.ma_tthc_xuat = d.ma_tthc_xuat and h.ten_tthc_xuat = d.ten_tthc_xuat and h.cap = d.cap",
        'int_chi_so_766__ky': "select h.ma_ho_so from trung_gian.int_tthc__ho_so_don_vi as h inner join {doi} as d on cast(h.ngay_tiep_nhan as date) >= d.tu_ngay and cast(h.ngay_tiep_nhan as date) <= d.den_ngay",
    },
) }}
-- Dossiers by the month of receipt, in their newest state, with what the components count. `ly_do_loai`: why a
-- dossier is not received (R5: status 1 and 3). Steps, ratings and payments are not read here, so that a fault in one
-- of those feeds does not reach groups that do not need it.
select
    k.ky,
    h.ma_ho_so,
    h.ma_don_vi,
    coalesce(v.ma_tthc, 'chua_anh_xa') as ma_tthc,
    h.kenh,
    case h.trang_thai
        when 'moi_dang_ky' then 'mới đăng ký, chưa tiếp nhận'
        when 'khong_duoc_tiep_nhan' then 'từ chối khi tiếp nhận'
    end as ly_do_loai,
    {{ phan_loai_ho_so('h.trang_thai', 'h.ngay_ket_thuc') }} = 'da_giai_quyet' as da_xong,
    h.phi_le_phi,
    h.thanh_toan_truc_tuyen,
    h.ket_qua_dien_tu,
    h.so_hoa_ho_so,
    h.tai_su_dung,
    h.dua_vao_kho_ca_nhan,
    h.dung_du_lieu_dan_cu,
    h.ma_nguoi is not null or coalesce(h.dung_du_lieu_dan_cu, false) as cua_cong_dan,
    coalesce(c.khong_can_ket_qua = 1 or (c.khong_can_ket_qua = 0 and h.ket_qua_dien_tu), false) as chung_thuc_dien_tu,
    k.xet_ngay
from {{ phan_doi(ref('int_tthc__ho_so_don_vi'), 'ma_ho_so') }} as h
inner join {{ ref('int_chi_so_766__ky') }} as k
    on cast(h.ngay_tiep_nhan as date) >= k.tu_ngay and cast(h.ngay_tiep_nhan as date) <= k.den_ngay
{{ ghep_thu_tuc('h') }}
left join (
    select
        t.ma_tthc,
        t.hieu_luc_tu,
        max(case when m.can_ket_qua_dien_tu then 0 else 1 end) as khong_can_ket_qua
    from {{ ref('int_tthc__phien_ban') }} as t
    inner join {{ ref('tthc_chung_thuc') }} as m on t.ten_so_sanh like concat_ws('', '%', m.mau_ten, '%')
    group by t.ma_tthc, t.hieu_luc_tu
) as c on v.ma_tthc = c.ma_tthc and v.hieu_luc_tu = c.hieu_luc_tu
