-- Since when a birth key waits for the police to cancel its number: first state that says so, from its first sighting on
-- (an exact repeat in a later export moves the newest sighting, not the day on which the state began).
select
    r._khoa,
    cast(min(coalesce(r._thoi_diem, d.thoi_diem, t.thoi_diem)) as date) as cho_huy_tu
from {{ source('tho', 'ho_tich__khai_sinh') }} as r
left join {{ source('so_cai', 'tep') }} as t on r._ma_tep = t.ma_tep
left join {{ source('so_cai', 'tep') }} as d on r._tep_dau = d.ma_tep
where r.trang_thai = 'cho_huy_so_dinh_danh'
group by r._khoa
