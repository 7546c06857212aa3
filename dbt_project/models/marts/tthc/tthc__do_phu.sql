-- How much of a field's dossiers go through the portal: those newly received on it beside the counts of a specialised system, by
-- month and system. Only pairs that a system reported: a month without its file is unknown, not zero; so is a month without a
-- file of dossiers on the other side.
with ngoai_che as (
    select
        t.ky,
        t.ma_he_thong,
        t.tiep_nhan,
        {{ da_che('t.linh_vuc') }} as linh_vuc
    from {{ ref('stg_nganh_doc__tong_hop') }} as t
    where length(t.ky) = 7 and t.ky not like '%Q%'
),

ngoai as (
    select
        ky,
        ma_he_thong,
        {{ dang_chuan('linh_vuc') }} as linh_vuc_chuan,
        sum(tiep_nhan) as tiep_nhan
    from ngoai_che
    group by ky, ma_he_thong, {{ dang_chuan('linh_vuc') }}
),

-- One spelling of a field in all months, so that months of it add up.
ten as (
    select
        {{ dang_chuan('linh_vuc') }} as linh_vuc_chuan,
        max(linh_vuc) as linh_vuc
    from ngoai_che
    group by {{ dang_chuan('linh_vuc') }}
),

tren as (
    select
        {{ ky_thang('cast(h.ngay_tiep_nhan as date)') }} as ky,
        {{ dang_chuan('h.linh_vuc') }} as linh_vuc_chuan,
        count(*) as so_ho_so
    from {{ ref('int_tthc__ho_so_goc') }} as h
    where h.phan_loai in ('tra_lai', 'da_giai_quyet', 'dang_xu_ly')
    group by {{ ky_thang('cast(h.ngay_tiep_nhan as date)') }}, {{ dang_chuan('h.linh_vuc') }}
),

hai_ben as (
    select
        n.ky,
        v.linh_vuc,
        n.ma_he_thong,
        n.tiep_nhan,
        case when c.ky is not null then coalesce(t.so_ho_so, 0) end as so_ho_so
    from ngoai as n
    inner join ten as v on n.linh_vuc_chuan = v.linh_vuc_chuan
    left join tren as t on n.ky = t.ky and n.linh_vuc_chuan = t.linh_vuc_chuan
    left join {{ ref('int_nguon__ky') }} as c on c.nguon_du_lieu = 'dvc/ho_so' and n.ky = c.ky
)

select
    n.ky,
    n.linh_vuc,
    n.ma_he_thong,
    cast(n.so_ho_so as bigint) as tren_cong,
    cast(n.tiep_nhan as bigint) as ngoai_cong,
    {{ ty_le('n.so_ho_so', '(n.so_ho_so + n.tiep_nhan)') }} as ty_le_phu,
    {{ tron_ky("n.ky", "p.ngay_so_lieu") }} as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from hai_ben as n
cross join {{ source('so_cai', 'tham_so') }} as p
