-- Postal items by month of sending, agency of the dossier and direction, with the days until they were handed over: as they stood
-- at the end of the as-of day. One sent later is not there yet, one handed over or sent back later is under way.
with bu as (
    select
        b.ma_ho_so,
        b.loai,
        cast(b.ngay_gui as date) as ngay_gui,
        case when coalesce(cast(b.ngay_phat as date) <= p.ngay_so_lieu, true) then b.trang_thai end as trang_thai,
        case
            when
                b.trang_thai = 'da_phat'
                and cast(b.ngay_phat as date) >= cast(b.ngay_gui as date)
                and cast(b.ngay_phat as date) <= p.ngay_so_lieu
                then {{ so_ngay('cast(b.ngay_gui as date)', 'cast(b.ngay_phat as date)') }}
        end as so_ngay
    from {{ ref('stg_dvc__buu_gui') }} as b
    cross join {{ source('so_cai', 'tham_so') }} as p
    where cast(b.ngay_gui as date) <= p.ngay_so_lieu
)

select
    {{ ky_thang('b.ngay_gui') }} as ky,
    h.ma_don_vi,
    b.loai,
    {{ nhan_danh_muc('loai_buu_gui', 'b.loai') }} as loai_ten,
    cast(count(*) as bigint) as so_luong,
    cast(count(*) filter (where b.trang_thai = 'da_phat') as bigint) as da_phat,
    cast(count(*) filter (where b.trang_thai = 'hoan') as bigint) as hoan,
    cast(percentile_disc(0.5) within group (order by b.so_ngay) as bigint) as trung_vi_ngay,
    cast(percentile_disc(0.95) within group (order by b.so_ngay) as bigint) as p95_ngay,
    {{ tron_ky(ky_thang('b.ngay_gui'), "p.ngay_so_lieu") }} as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from bu as b
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__ho_so_goc') }} as h on b.ma_ho_so = h.ma_ho_so
group by {{ ky_thang('b.ngay_gui') }}, h.ma_don_vi, b.loai, p.ngay_so_lieu, p.phien_ban
