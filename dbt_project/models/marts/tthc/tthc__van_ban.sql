-- Documents as the feed lists them, of every kind (`tthc.cong_bo`: the decisions that publish procedures), with those of one kind,
-- number and issuing body (however its name is written) that bear several days.
with van_ban as (
    select
        v.so_van_ban,
        v.ngay,
        v.loai,
        {{ da_che('v.co_quan') }} as co_quan,
        {{ da_che('v.linh_vuc') }} as linh_vuc,
        v.so_tthc,
        {{ dang_chuan('v.so_van_ban') }} as so_chuan,
        {{ ten_don_vi_chuan('v.co_quan') }} as co_quan_chuan
    from {{ ref('stg_dvc__van_ban') }} as v
)

select
    v.so_van_ban,
    v.ngay,
    v.loai,
    {{ nhan_danh_muc('loai_van_ban', 'v.loai') }} as loai_ten,
    v.co_quan,
    n.ma_don_vi,
    v.linh_vuc,
    cast(v.so_tthc as bigint) as so_tthc,
    min(v.ngay) over (partition by v.so_chuan, v.loai, coalesce(n.ma_don_vi, v.co_quan_chuan))
    <> max(v.ngay) over (partition by v.so_chuan, v.loai, coalesce(n.ma_don_vi, v.co_quan_chuan)) as trung_so,
    p.ngay_so_lieu,
    p.phien_ban
from van_ban as v
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__ten_don_vi') }} as n on n.cap = '' and v.co_quan_chuan = n.ten_chuan
