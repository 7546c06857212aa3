with tep as (
    select
        t.nguon_du_lieu,
        t.ten_tep,
        t.thoi_diem,
        row_number() over (
            partition by t.nguon_du_lieu
            order by t.thoi_diem desc nulls last, t.sha256 desc nulls last, t.ma_tep desc nulls last
        ) as rn
    from {{ source('so_cai', 'tep') }} as t
    where t.trang_thai = 'da_nap'
),

nguon as (
    select nguon_du_lieu from {{ source('so_cai', 'nhip_nguon') }}
    union
    select nguon_du_lieu from {{ source('so_cai', 'tep') }}
    where nguon_du_lieu is not null
),

-- A date after the as-of day says nothing about freshness: it counts as the as-of day.
moi_nhat as (
    select
        n.nguon_du_lieu,
        h.so_ngay,
        t.ten_tep,
        case
            when t.thoi_diem is null then null
            when cast(t.thoi_diem as date) > p.ngay_so_lieu then p.ngay_so_lieu
            else cast(t.thoi_diem as date)
        end as ngay_du_lieu_cuoi,
        p.ngay_so_lieu,
        p.phien_ban
    from nguon as n
    cross join {{ source('so_cai', 'tham_so') }} as p
    left join {{ source('so_cai', 'nhip_nguon') }} as h on n.nguon_du_lieu = h.nguon_du_lieu
    left join tep as t on n.nguon_du_lieu = t.nguon_du_lieu and t.rn = 1
),

tuoi as (
    select
        m.*,
        {{ so_ngay('m.ngay_du_lieu_cuoi', 'm.ngay_so_lieu') }} as tuoi_ngay
    from moi_nhat as m
)

select
    cast(nguon_du_lieu as varchar) as nguon_du_lieu,
    cast({{ da_che('ten_tep') }} as varchar) as tep_cuoi,
    cast(ngay_du_lieu_cuoi as date) as ngay_du_lieu_cuoi,
    cast(case when tuoi_ngay > so_ngay then tuoi_ngay - so_ngay when tuoi_ngay <= so_ngay then 0 end as bigint)
        as so_ngay_tre,
    cast(tuoi_ngay <= so_ngay as boolean) as trong_han,
    cast(so_ngay as bigint) as nhip_ngay,
    cast(ngay_so_lieu as date) as ngay_so_lieu,
    cast(phien_ban as varchar) as phien_ban
from tuoi
