-- Certified copies by month of receipt and agency, beside all dossiers of the agency. A dossier certifies copies where the export
-- says how many, or where its procedure is one of seed tthc_chung_thuc.
with ten as (
    select distinct t.ten_tthc
    from (
        select distinct ten_tthc
        from {{ ref('int_tthc__ho_so_goc') }}
    ) as t
    inner join {{ ref('tthc_chung_thuc') }} as m on {{ dang_chuan_tthc('t.ten_tthc') }} like concat_ws('', '%', m.mau_ten, '%')
)

select
    {{ ky_thang('cast(h.ngay_tiep_nhan as date)') }} as ky,
    h.ma_don_vi,
    h.cap,
    cast(count(*) filter (where h.so_ban_sao > 0 or t.ten_tthc is not null) as bigint) as so_ho_so,
    cast(sum(h.so_ban_sao) filter (where h.so_ban_sao >= 0) as bigint) as so_ban_sao,
    cast(count(*) as bigint) as tong_ho_so,
    {{ ty_le('count(*) filter (where h.so_ban_sao > 0 or t.ten_tthc is not null)', 'count(*)') }} as ty_le,
    {{ tron_ky(ky_thang('cast(h.ngay_tiep_nhan as date)'), "p.ngay_so_lieu") }} as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('int_tthc__ho_so_goc') }} as h
cross join {{ source('so_cai', 'tham_so') }} as p
left join ten as t on h.ten_tthc = t.ten_tthc
where h.phan_loai in ('tra_lai', 'da_giai_quyet', 'dang_xu_ly')
group by {{ ky_thang('cast(h.ngay_tiep_nhan as date)') }}, h.ma_don_vi, h.cap, p.ngay_so_lieu, p.phien_ban
