-- Newly received dossiers of each essential service by month, of those days on which it is one; a service without a dossier is a row with 0, in a month without a
-- file of dossiers a row without counts.
with dich_vu as (
    select
        k.ky,
        k.tu_ngay,
        v.ma_tthc,
        max(v.hieu_luc_tu) as hieu_luc_tu
    from {{ ref('int_tthc__ky_so_lieu') }} as k
    inner join {{ ref('int_tthc__phien_ban') }} as v
        on k.den_ngay >= v.hieu_luc_tu and (v.hieu_luc_den is null or k.tu_ngay <= v.hieu_luc_den)
    where v.thiet_yeu
    group by k.ky, k.tu_ngay, v.ma_tthc
),

dem as (
    select
        {{ ky_thang('cast(ngay_tiep_nhan as date)') }} as ky,
        ma_tthc,
        count(*) as so_ho_so,
        count(*) filter (where kenh = 'truc_tuyen') as truc_tuyen
    from {{ ref('int_tthc__ho_so_goc') }}
    where co_anh_xa and thiet_yeu and phan_loai in ('tra_lai', 'da_giai_quyet', 'dang_xu_ly')
    group by {{ ky_thang('cast(ngay_tiep_nhan as date)') }}, ma_tthc
),

ghep as (
    select
        d.ky,
        d.tu_ngay,
        d.ma_tthc,
        d.hieu_luc_tu,
        case when n.ky is not null then coalesce(c.so_ho_so, 0) end as so_ho_so,
        case when n.ky is not null then coalesce(c.truc_tuyen, 0) end as truc_tuyen
    from dich_vu as d
    left join dem as c on d.ky = c.ky and d.ma_tthc = c.ma_tthc
    left join {{ ref('int_nguon__ky') }} as n on n.nguon_du_lieu = 'dvc/ho_so' and d.ky = n.ky
)

select
    g.ky,
    g.ma_tthc,
    v.ma_tthc_qg,
    v.ten_tthc,
    v.linh_vuc,
    v.cap,
    cast(g.so_ho_so as bigint) as so_ho_so,
    cast(g.truc_tuyen as bigint) as truc_tuyen,
    {{ ty_le('g.truc_tuyen', 'g.so_ho_so') }} as ty_le,
    cast(g.so_ho_so - t.so_ho_so as bigint) as thay_doi_so_voi_ky_truoc,
    {{ tron_ky("g.ky", "p.ngay_so_lieu") }} as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from ghep as g
cross join {{ source('so_cai', 'tham_so') }} as p
inner join {{ ref('int_tthc__phien_ban') }} as v on g.ma_tthc = v.ma_tthc and g.hieu_luc_tu = v.hieu_luc_tu
left join ghep as t
    on g.ma_tthc = t.ma_tthc and cast(g.tu_ngay - interval '1' month as date) = t.tu_ngay
