-- Documents as the feed lists them, of every kind (`tthc.cong_bo`: the decisions that publish procedures), with those of one kind,
-- number and issuing body that bear several days.
with van_ban as (
    select
        v.so_van_ban,
        v.ngay,
        v.loai,
        {{ da_che('v.co_quan') }} as co_quan,
        {{ da_che('v.linh_vuc') }} as linh_vuc,
        v.so_tthc,
        {{ dang_chuan('v.so_van_ban') }} as so_chuan
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
    count(*) over (partition by v.so_chuan, v.loai, v.co_quan) > 1 as trung_so,
    p.ngay_so_lieu,
    p.phien_ban
from van_ban as v
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__ten_don_vi') }} as n on n.cap = '' and {{ ten_don_vi_chuan('v.co_quan') }} = n.ten_chuan
