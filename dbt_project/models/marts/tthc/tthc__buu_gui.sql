-- Postal items by month of sending, agency of the dossier and direction, with the days until they were handed over.
select
    {{ ky_thang('cast(b.ngay_gui as date)') }} as ky,
    h.ma_don_vi,
    b.loai,
    {{ nhan_danh_muc('loai_buu_gui', 'b.loai') }} as loai_ten,
    cast(count(*) as bigint) as so_luong,
    cast(count(*) filter (where b.trang_thai = 'da_phat') as bigint) as da_phat,
    cast(count(*) filter (where b.trang_thai = 'hoan') as bigint) as hoan,
    cast(percentile_disc(0.5) within group (
        order by case
            when b.trang_thai = 'da_phat' and cast(b.ngay_phat as date) >= cast(b.ngay_gui as date)
                then {{ so_ngay('cast(b.ngay_gui as date)', 'cast(b.ngay_phat as date)') }}
        end
    ) as bigint) as trung_vi_ngay,
    cast(percentile_disc(0.95) within group (
        order by case
            when b.trang_thai = 'da_phat' and cast(b.ngay_phat as date) >= cast(b.ngay_gui as date)
                then {{ so_ngay('cast(b.ngay_gui as date)', 'cast(b.ngay_phat as date)') }}
        end
    ) as bigint) as p95_ngay,
    {{ tron_ky(ky_thang('cast(b.ngay_gui as date)'), "p.ngay_so_lieu") }} as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('stg_dvc__buu_gui') }} as b
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__ho_so_goc') }} as h on b.ma_ho_so = h.ma_ho_so
group by {{ ky_thang('cast(b.ngay_gui as date)') }}, h.ma_don_vi, b.loai, p.ngay_so_lieu, p.phien_ban
