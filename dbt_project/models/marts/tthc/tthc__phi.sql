-- Fees and charges through time, as each procedure and channel has them; marked are those in force on the as-of day.
select
    f.ma_tthc,
    f.kenh,
    {{ nhan_danh_muc('kenh', 'f.kenh') }} as kenh_ten,
    cast(case when coalesce(f.mien, false) then 0 else f.muc_thu end as decimal(18, 2)) as phi_phai_thu,
    coalesce(f.mien, false) as mien,
    f.so_van_ban,
    f.ngay_van_ban,
    f.hieu_luc_tu,
    f.hieu_luc_den,
    -- one version a channel: the newest of those that hold on the day
    coalesce(
        f.hieu_luc_tu <= p.ngay_so_lieu
        and (f.hieu_luc_den is null or f.hieu_luc_den >= p.ngay_so_lieu)
        and row_number() over (
            partition by
                f.ma_tthc,
                f.kenh,
                f.hieu_luc_tu <= p.ngay_so_lieu and (f.hieu_luc_den is null or f.hieu_luc_den >= p.ngay_so_lieu)
            order by f.hieu_luc_tu desc nulls last
        ) = 1,
        false
    ) as hien_hanh,
    cast(f._ma_tep as varchar) as ma_tep,
    cast({{ da_che('f._trang_tinh') }} as varchar) as trang_tinh,
    cast(f._dong as bigint) as dong,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('stg_dvc__phi') }} as f
cross join {{ source('so_cai', 'tham_so') }} as p
