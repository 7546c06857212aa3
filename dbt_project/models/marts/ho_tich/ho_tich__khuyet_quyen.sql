-- Records that a book holds by the inventory of digitisation against its records in the registers. Of a register that never came,
-- or that no feed brings, nobody knows how many are missing.
with ban_ghi as (
    select
        loai_so,
        ma_don_vi,
        quyen_so,
        count(*) as so_ban_ghi
    from {{ ref('int_ho_tich__ban_ghi') }}
    where quyen_so is not null
    group by loai_so, ma_don_vi, quyen_so
),

quyen as (
    select
        ma_don_vi,
        loai_so,
        quyen_so,
        max(giai_doan) as giai_doan,
        sum(so_truong_hop) as so_truong_hop
    from {{ ref('stg_ho_tich__so_hoa') }}
    where quyen_so is not null
    group by ma_don_vi, loai_so, quyen_so
),

nguon as (
    select distinct nguon_du_lieu
    from {{ source('so_cai', 'tep') }}
    where trang_thai = 'da_nap'
)

select
    cast(coalesce(q.loai_so, b.loai_so) as varchar) as loai_so,
    {{ nhan_danh_muc('loai_so', 'coalesce(q.loai_so, b.loai_so)') }} as loai_so_ten,
    cast(coalesce(q.ma_don_vi, b.ma_don_vi) as varchar) as ma_don_vi,
    cast(d.ma_don_vi_hien_nay as varchar) as ma_don_vi_hien_nay,
    cast(coalesce(q.quyen_so, b.quyen_so) as varchar) as quyen_so,
    cast(q.so_truong_hop as bigint) as so_truong_hop,
    cast(case when n.nguon_du_lieu is not null then coalesce(b.so_ban_ghi, 0) end as bigint) as so_ban_ghi,
    cast(case when n.nguon_du_lieu is not null then q.so_truong_hop - coalesce(b.so_ban_ghi, 0) end as bigint) as con_thieu,
    cast(case
        when q.quyen_so is null then 'ngoai_kiem_ke'
        when n.nguon_du_lieu is null then 'khong_kiem_duoc'
        when b.quyen_so is null then 'chua_co_ban_ghi'
        when q.so_truong_hop is null then 'khong_kiem_duoc'
        when q.so_truong_hop > b.so_ban_ghi then 'thieu'
        when q.so_truong_hop < b.so_ban_ghi then 'thua'
        else 'du'
    end as varchar) as ket_luan,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from quyen as q
full join ban_ghi as b on q.loai_so = b.loai_so and q.ma_don_vi = b.ma_don_vi and q.quyen_so = b.quyen_so
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__don_vi_hien_nay') }} as d on coalesce(q.ma_don_vi, b.ma_don_vi) = d.ma_don_vi
left join nguon as n on concat_ws('', 'ho_tich/', coalesce(q.loai_so, b.loai_so)) = n.nguon_du_lieu
