with tep as (
    select
        t.*,
        t.goc_ten as ten_goc
    from {{ source('so_cai', 'tep') }} as t
),

-- A refused file is mended by a file of its feed and stem that loads, in its own run or a later one.
sua as (
    select
        r.ma_tep,
        min(n.so_lan) as so_lan_sua
    from tep as r
    inner join tep as n
        on
            r.nguon_du_lieu = n.nguon_du_lieu
            and r.ten_goc = n.ten_goc
            and r.so_lan <= n.so_lan
    where
        r.trang_thai = 'tu_choi'
        and n.trang_thai = 'da_nap'
        and r.ten_goc <> ''
    group by r.ma_tep
)

select
    cast(t.ma_tep as varchar) as ma_tep,
    cast(t.nguon_du_lieu as varchar) as nguon_du_lieu,
    cast({{ da_che('t.ten_tep') }} as varchar) as ten_tep,
    cast(lower(t.sha256) as varchar) as sha256,
    cast(t.kich_thuoc as bigint) as kich_thuoc,
    cast(t.nhan_luc as timestamp) as nhan_luc,
    cast(case when t.trang_thai <> 'tu_choi' then t.so_dong_doc end as bigint) as so_dong_doc,
    cast(case when t.trang_thai <> 'tu_choi' then t.so_dong_nap end as bigint) as so_dong_nap,
    cast(case when t.trang_thai <> 'tu_choi' then t.so_dong_cach_ly end as bigint) as so_dong_cach_ly,
    cast(case when t.trang_thai <> 'tu_choi' then t.so_dong_lap end as bigint) as so_dong_lap,
    cast(case when s.ma_tep is not null then 'da_sua' else t.trang_thai end as varchar) as trang_thai,
    {{ nhan_danh_muc('trang_thai_tep', "case when s.ma_tep is not null then 'da_sua' else t.trang_thai end") }} as trang_thai_ten,
    cast({{ da_che('t.ly_do') }} as varchar) as ly_do,
    cast(t.so_lan as bigint) as so_lan,
    cast(s.so_lan_sua as bigint) as so_lan_sua,
    cast(t.thoi_diem as timestamp) as thoi_diem,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from tep as t
cross join {{ source('so_cai', 'tham_so') }} as p
left join sua as s on t.ma_tep = s.ma_tep
