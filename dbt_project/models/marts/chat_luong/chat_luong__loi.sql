-- One defect is one rule and one key (or, for a finding on a file, its place there), over all runs.
with loi as (
    select
        l.*,
        coalesce(
            l.khoa,
            concat(coalesce(l.ma_tep, ''), '/', coalesce(l.trang_tinh, ''), '/', coalesce(cast(l.dong as varchar), ''))
        ) as khoa_loi
    from {{ source('so_cai', 'loi') }} as l
),

-- Runs in which a rule was judged: only they can find a defect or show that it is gone.
lan_danh_gia as (
    select
        k.ma_quy_tac,
        k.so_lan,
        r.ngay_so_lieu,
        row_number() over (partition by k.ma_quy_tac order by k.so_lan asc nulls last) as thu_tu
    from (
        select
            ma_quy_tac,
            so_lan
        from {{ source('so_cai', 'ket_qua_kiem_tra') }}
        union
        select
            ma_quy_tac,
            so_lan
        from {{ source('so_cai', 'loi') }}
    ) as k
    left join {{ source('so_cai', 'lan_chay') }} as r on k.so_lan = r.so_lan
),

lan_cuoi as (
    select
        ma_quy_tac,
        max(thu_tu) as thu_tu_cuoi
    from lan_danh_gia
    group by ma_quy_tac
),

doi as (
    select
        x.ma_quy_tac,
        x.khoa_loi,
        min(x.thu_tu) as tu,
        max(x.thu_tu) as den,
        count(*) as so_lan_thay,
        min(x.ngay_so_lieu) as phat_hien
    from (
        select distinct
            l.ma_quy_tac,
            l.khoa_loi,
            d.thu_tu,
            d.ngay_so_lieu
        from loi as l
        inner join lan_danh_gia as d on l.ma_quy_tac = d.ma_quy_tac and l.so_lan = d.so_lan
    ) as x
    group by x.ma_quy_tac, x.khoa_loi
),

-- Where it stands, as last seen.
noi as (
    select
        l.*,
        row_number() over (
            partition by l.ma_quy_tac, l.khoa_loi
            order by
                l.so_lan desc nulls last,
                l.ma_tep asc nulls last,
                l.trang_tinh asc nulls last,
                l.dong asc nulls last,
                l.ma_don_vi asc nulls last
        ) as rn
    from loi as l
),

tinh as (
    select
        n.ma_quy_tac,
        n.khoa_loi,
        n.khoa,
        n.ma_don_vi,
        n.ma_tep,
        n.trang_tinh,
        n.dong,
        d.phat_hien,
        case
            when d.den < c.thu_tu_cuoi then 'da_sua'
            when d.tu = c.thu_tu_cuoi then 'moi'
            when d.so_lan_thay < c.thu_tu_cuoi - d.tu + 1 then 'tai_xuat'
            else 'con'
        end as trang_thai,
        -- A mended defect has aged until the run that no longer found it.
        case when d.den < c.thu_tu_cuoi then s.ngay_so_lieu else p.ngay_so_lieu end as tinh_den,
        p.ngay_so_lieu,
        p.phien_ban
    from noi as n
    inner join doi as d on n.ma_quy_tac = d.ma_quy_tac and n.khoa_loi = d.khoa_loi
    inner join lan_cuoi as c on n.ma_quy_tac = c.ma_quy_tac
    cross join {{ source('so_cai', 'tham_so') }} as p
    left join lan_danh_gia as s on n.ma_quy_tac = s.ma_quy_tac and d.den + 1 = s.thu_tu
    where n.rn = 1
)

select
    cast(md5(concat(ma_quy_tac, ':', khoa_loi)) as varchar) as ma_loi,
    cast(ma_quy_tac as varchar) as ma_quy_tac,
    cast(khoa as varchar) as khoa,
    cast(ma_don_vi as varchar) as ma_don_vi,
    cast(ma_tep as varchar) as ma_tep,
    cast(dong as bigint) as dong,
    cast(phat_hien as date) as phat_hien,
    cast(trang_thai as varchar) as trang_thai,
    cast({{ so_ngay('phat_hien', 'tinh_den') }} as bigint) as so_ngay,
    cast(trang_tinh as varchar) as trang_tinh,
    cast(ngay_so_lieu as date) as ngay_so_lieu,
    cast(phien_ban as varchar) as phien_ban
from tinh
