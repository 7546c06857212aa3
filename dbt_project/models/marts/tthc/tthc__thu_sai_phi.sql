-- Received dossiers whose fee is not the fee in force on the day of receipt for their channel: a fee for the channel before one
-- for all channels, the later one before the earlier. Collected is what was paid successfully by the as-of day. Of a dossier without any
-- payment (fees at the counter have none) it is the fee on the dossier, once it is resolved or its export says that it was paid online:
-- until then that fee is what is owed. Where payments only failed, nobody says what was collected, and nothing is said here.
with phi as (
    select
        {{ ma_tthc_goc('f.ma_tthc') }} as ma_so_sanh,
        {{ ma_tthc_qg_du(ma_tthc_goc('f.ma_tthc')) }} as ma_qg_so_sanh,
        f.kenh,
        case when coalesce(f.mien, false) then 0 else f.muc_thu end as phai_thu,
        coalesce(f.mien, false) as mien,
        f.so_van_ban,
        f.hieu_luc_tu,
        f.hieu_luc_den
    from {{ ref('stg_dvc__phi') }} as f
),

da_thu as (
    select
        t.ma_ho_so,
        sum(case when t.ket_qua = 'thanh_cong' and cast(t.thoi_diem as date) <= p.ngay_so_lieu then t.so_tien end) as so_tien
    from {{ ref('stg_dvc__thanh_toan') }} as t
    cross join {{ source('so_cai', 'tham_so') }} as p
    group by t.ma_ho_so
),

ho_so as (
    select
        h.ma_ho_so,
        h.ma_don_vi,
        h.ma_tthc,
        {{ ma_tthc_goc('h.ma_tthc') }} as ma_so_sanh,
        h.ma_tthc_qg,
        h.kenh,
        cast(h.ngay_tiep_nhan as date) as ngay,
        case when d.ma_ho_so is not null then d.so_tien else h.phi_le_phi end as phi_da_thu
    from {{ ref('int_tthc__ho_so_goc') }} as h
    left join da_thu as d on h.ma_ho_so = d.ma_ho_so
    where
        h.phan_loai in ('tra_lai', 'da_giai_quyet', 'dang_xu_ly')
        and (
            d.so_tien is not null
            or (
                d.ma_ho_so is null
                and h.phi_le_phi is not null
                and (h.phan_loai = 'da_giai_quyet' or h.thanh_toan_truc_tuyen)
            )
        )
),

ung_vien as (
    select
        h.*,
        f.phai_thu,
        f.mien,
        f.so_van_ban,
        f.kenh as kenh_phi,
        f.hieu_luc_tu
    from ho_so as h
    inner join phi as f on h.ma_so_sanh = f.ma_so_sanh
    where h.ngay >= f.hieu_luc_tu and (f.hieu_luc_den is null or h.ngay <= f.hieu_luc_den)
    union
    select
        h.*,
        f.phai_thu,
        f.mien,
        f.so_van_ban,
        f.kenh as kenh_phi,
        f.hieu_luc_tu
    from ho_so as h
    inner join phi as f on h.ma_tthc_qg = f.ma_qg_so_sanh
    where h.ngay >= f.hieu_luc_tu and (f.hieu_luc_den is null or h.ngay <= f.hieu_luc_den)
),

chon as (
    select
        u.*,
        row_number() over (
            partition by u.ma_ho_so
            order by
                case when u.kenh_phi is null then 1 else 0 end asc nulls last,
                u.hieu_luc_tu desc nulls last,
                u.so_van_ban asc nulls last,
                u.phai_thu asc nulls last
        ) as hang,
        -- where fees differ by channel and the dossier's channel is unknown, nothing can be said
        max(case when u.kenh is null and u.kenh_phi is not null then 1 else 0 end) over (
            partition by u.ma_ho_so
        ) as chua_ro
    from ung_vien as u
    where u.kenh_phi is null or u.kenh is null or u.kenh_phi = u.kenh
)

select
    c.ma_ho_so,
    c.ma_don_vi,
    c.ma_tthc,
    c.kenh,
    {{ nhan_danh_muc('kenh', 'c.kenh') }} as kenh_ten,
    cast(c.phai_thu as decimal(18, 2)) as phi_phai_thu,
    cast(c.phi_da_thu as decimal(18, 2)) as phi_da_thu,
    case
        when c.mien then 'thu_khi_mien'
        when c.phi_da_thu > c.phai_thu then 'thu_cao_hon'
        else 'thu_thap_hon'
    end as loai,
    c.so_van_ban,
    p.ngay_so_lieu,
    p.phien_ban
from chon as c
cross join {{ source('so_cai', 'tham_so') }} as p
where c.hang = 1 and c.chua_ro = 0 and c.phi_da_thu <> c.phai_thu
