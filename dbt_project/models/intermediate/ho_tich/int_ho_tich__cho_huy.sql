-- Since when a birth key waits for the police to cancel its number: first state that says so after the last that says otherwise, from
-- its first sighting on (an exact repeat in a later export moves the newest sighting, not the day on which the state began). One
-- that came back is not older than the state between. Where one file holds records of a key in several states: the first of all.
with trang_thai as (
    select
        r._khoa,
        r.trang_thai = 'cho_huy_so_dinh_danh' as cho_huy,
        coalesce(r._thoi_diem, t.thoi_diem) as luc,
        coalesce(r._thoi_diem, d.thoi_diem, t.thoi_diem) as tu_luc,
        row_number() over (
            partition by r._khoa
            order by
                {{ thu_tu_r8('coalesce(r._thoi_diem, t.thoi_diem)', 't.thoi_diem', 't.sha256', 'r', moi_truoc=false) }}
        ) as lan
    from {{ source('tho', 'ho_tich__khai_sinh') }} as r
    left join {{ source('so_cai', 'tep') }} as t on r._ma_tep = t.ma_tep
    left join {{ source('so_cai', 'tep') }} as d on r._tep_dau = d.ma_tep
    where
        r._khoa in (
            select c._khoa from {{ source('tho', 'ho_tich__khai_sinh') }} as c
            where c.trang_thai = 'cho_huy_so_dinh_danh'
        )
),

khac as (
    select
        _khoa,
        max(lan) as lan,
        max(luc) as luc
    from trang_thai
    where not coalesce(cho_huy, false)
    group by _khoa
)

select
    c._khoa,
    cast(coalesce(
        min(case when k.lan is null or c.lan > k.lan then greatest(c.tu_luc, k.luc) end),
        min(c.tu_luc)
    ) as date) as cho_huy_tu
from trang_thai as c
left join khac as k on c._khoa = k._khoa
where c.cho_huy
group by c._khoa
