{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='ngay_tiep_nhan_tinh',
    theo={
        'int_tthc__ho_so_ket_qua': 'ma_ho_so',
        'stg_dvc__ho_so': 'ma_ho_so',
        'int_tthc__ho_so_goc': 'ma_ho_so',
        'int_tthc__cho_bo_sung': 'ma_ho_so',
        'stg_dvcqg__ho_so': 'ma_ho_so',
        'int_doi_soat__cach_ly': "select s.ma_ho_so from stg.stg_dvc__ho_so as s inner join {doi} as d on s._khoa = d.khoa union select q.ma_ho_so from stg.stg_dvcqg__ho_so as q inner join {doi} as d on q._khoa = d.khoa",
        'int_nguon__ky': "select s.ma_ho_so from stg.stg_dvc__ho_so as s inner join {doi} as d on concat_ws('', lpad(cast(extract(year from s.ngay_tiep_nhan) as varchar), 4, '0'), '-', lpad(cast(extract(month from s.ngay_tiep_nhan) as varchar), 2, '0')) = d.ky union select s.ma_ho_so from stg.stg_dvcqg__ho_so as s inner join {doi} as d on concat_ws('', lpad(cast(extract(year from s.ngay_tiep_nhan) as varchar), 4, '0'), '-', lpad(cast(extract(month from s.ngay_tiep_nhan) as varchar), 2, '0')) = d.ky",
    },
    theo_ngay=[],
) }}
-- R12: each dossier as the province and as the national portal hold it, side by side; keys compare in the published
-- spelling. What each side concludes about the due date: the province by R4 against the printed due date, the portal
-- by its own verdict, else by its own dates. A dossier whose provincial row is quarantined is left out.
with tinh as (
    select
        s._khoa as khoa,
        h.ma_ho_so,
        h.ma_don_vi,
        h.ma_tthc,
        h.kenh,
        h.trang_thai,
        case
            when g.phan_loai in ('tra_lai', 'tu_choi') then 'tra_lai'
            when g.phan_loai = 'da_giai_quyet' then 'xong'
            else 'mo'
        end as tinh_trang,
        h.ngay_tiep_nhan,
        h.ngay_hen_tra,
        g.ket_thuc_luc as ket_thuc,
        h.ket_qua_han,
        h.duoc_tiep_nhan,
        coalesce(b.so_lan_bo_sung, 0) as so_lan_bo_sung,
        g.ngay_bat_dau,
        g.thoi_han,
        g.don_vi_thoi_han,
        coalesce(a.ngay, n.ngay_lam_viec_ke) as han_khong_tam_dung
    from {{ phan_doi(ref('int_tthc__ho_so_ket_qua'), 'ma_ho_so') }} as h
    inner join {{ phan_doi(ref('stg_dvc__ho_so'), 'ma_ho_so') }} as s on h.ma_ho_so = s.ma_ho_so
    inner join {{ phan_doi(ref('int_tthc__ho_so_goc'), 'ma_ho_so') }} as g on h.ma_ho_so = g.ma_ho_so
    left join {{ ref('int_tthc__lich_lam_viec') }} as a on a.la_ngay_lam_viec and g.so_thu_tu_han = a.so_thu_tu
    left join {{ ref('int_tthc__lich_lam_viec') }} as n on g.ngay_han = n.ngay
    left join {{ phan_doi(ref('int_tthc__cho_bo_sung'), 'ma_ho_so') }} as b on h.ma_ho_so = b.ma_ho_so
),

cong_qg as (
    select
        q._khoa as khoa,
        q.ma_ho_so,
        q.ma_don_vi,
        q.ma_tthc_qg,
        q.trang_thai,
        case {{ phan_loai_ho_so('q.trang_thai', 'q.ngay_ket_thuc') }}
            when 'tu_choi' then 'tra_lai'
            when 'tra_lai' then 'tra_lai'
            when 'da_giai_quyet' then 'xong'
            else 'mo'
        end as tinh_trang,
        q.ngay_tiep_nhan,
        q.ngay_hen_tra,
        q.ngay_ket_thuc as ket_thuc,
        q.ngay_dong_bo,
        coalesce(
            q.danh_gia_han,
            case
                when q.ngay_ket_thuc is null or q.ngay_hen_tra is null then null
                when q.ngay_ket_thuc > {{ han_luc('q.ngay_hen_tra') }} then 'qua_han'
                else 'dung_han'
            end
        ) as ket_luan
    from {{ phan_doi(ref('stg_dvcqg__ho_so'), 'ma_ho_so') }} as q
)

select
    coalesce(t.ma_ho_so, q.ma_ho_so) as ma_ho_so,
    coalesce(t.ma_don_vi, q.ma_don_vi) as ma_don_vi,
    coalesce(t.ma_tthc, q.ma_tthc_qg) as ma_tthc,
    t.ma_ho_so is not null as co_o_tinh,
    q.ma_ho_so is not null as co_o_cong_qg,
    c.khoa is not null as cong_qg_cach_ly,
    -- Whether the other side sent anything for the month of receipt: without a file its silence says nothing.
    m.ky is not null as co_tep_tinh,
    d.ky is not null as co_tep_qg,
    t.kenh,
    t.duoc_tiep_nhan,
    t.trang_thai as trang_thai_tinh,
    q.trang_thai as trang_thai_qg,
    t.tinh_trang as tinh_trang_tinh,
    q.tinh_trang as tinh_trang_qg,
    t.ngay_tiep_nhan as ngay_tiep_nhan_tinh,
    q.ngay_tiep_nhan as ngay_tiep_nhan_qg,
    t.ngay_hen_tra as ngay_hen_tra_tinh,
    q.ngay_hen_tra as ngay_hen_tra_qg,
    t.ket_thuc as ket_thuc_tinh,
    q.ket_thuc as ket_thuc_qg,
    q.ngay_dong_bo,
    t.ket_qua_han as ket_qua_tinh,
    case when q.tinh_trang = 'xong' then q.ket_luan end as ket_qua_qg,
    case t.ket_qua_han when 'truoc_han' then 'dung_han' when 'khong_han' then null else t.ket_qua_han end as ket_luan_tinh,
    t.so_lan_bo_sung,
    t.ngay_bat_dau,
    t.thoi_han,
    t.don_vi_thoi_han,
    t.han_khong_tam_dung
from tinh as t
full join cong_qg as q on t.ma_ho_so = q.ma_ho_so
left join {{ ref('int_doi_soat__cach_ly') }} as c on c.phia = 'cong_qg' and t.khoa = c.khoa
left join {{ ref('int_nguon__ky') }} as m
    on m.nguon_du_lieu = 'dvc/ho_so' and {{ ky_thang('cast(q.ngay_tiep_nhan as date)') }} = m.ky
left join {{ ref('int_nguon__ky') }} as d
    on d.nguon_du_lieu = 'dvcqg/ho_so' and {{ ky_thang('cast(t.ngay_tiep_nhan as date)') }} = d.ky
where not exists (
    select 1
    from {{ ref('int_doi_soat__cach_ly') }} as k
    where k.phia = 'tinh' and k.khoa = coalesce(t.khoa, q.khoa)
)
