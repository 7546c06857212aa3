with sinh as (
    select
        b.ky,
        b.ma_don_vi,
        b.co_so_dinh_danh,
        -- what is registered after the as-of day waits for nothing at the end of it
        b.cho_so_dinh_danh and coalesce(b.ngay_dang_ky_tu <= p.ngay_so_lieu, true) as cho_so_dinh_danh,
        b.trang_thai,
        case when b.co_so_dinh_danh then {{ so_ngay('b.ngay_dang_ky', 'b.ngay_cap_so_dinh_danh') }} end as so_ngay_cap,
        s.ma_ban_ghi is not null
        and (s.sai_dang or s.sai_ma_tinh or s.sai_gioi_tinh or s.sai_nam_sinh or s.dung_chung_so) as sai_cau_truc,
        case
            when b.trang_thai = 'cho_huy_so_dinh_danh'
                then greatest({{ so_ngay('h.cho_huy_tu', 'p.ngay_so_lieu') }}, 0)
        end as so_ngay_cho_huy,
        p.ngay_so_lieu,
        p.phien_ban
    from {{ ref('int_ho_tich__ban_ghi') }} as b
    cross join {{ source('so_cai', 'tham_so') }} as p
    left join {{ ref('int_ho_tich__so_dinh_danh') }} as s on b.ma_ban_ghi = s.ma_ban_ghi
    left join {{ ref('int_ho_tich__cho_huy') }} as h on b._khoa = h._khoa
    where b.loai_so = 'khai_sinh' and b.nguon = 'dien_tu'
)

select
    cast(ky as varchar) as ky,
    cast(ma_don_vi as varchar) as ma_don_vi,
    cast(count(*) as bigint) as so_khai_sinh,
    cast(count(*) filter (where co_so_dinh_danh) as bigint) as co_so,
    cast(count(*) filter (where cho_so_dinh_danh) as bigint) as chua_co,
    cast(percentile_disc(0.5) within group (order by so_ngay_cap) as bigint) as trung_vi_ngay,
    cast(percentile_disc(0.95) within group (order by so_ngay_cap) as bigint) as p95_ngay,
    cast({{ ty_le('count(so_ngay_cap)', 'count(*) filter (where co_so_dinh_danh)') }} as double) as ngay_cap_do_phu,
    cast(count(*) filter (where trang_thai = 'cho_huy_so_dinh_danh') as bigint) as cho_huy,
    cast(max(so_ngay_cho_huy) as bigint) as cho_huy_lau_nhat_ngay,
    cast(count(*) filter (where sai_cau_truc) as bigint) as sai_cau_truc,
    {{ tron_ky("ky", "ngay_so_lieu") }} as tron_ky,
    cast(ngay_so_lieu as date) as ngay_so_lieu,
    cast(phien_ban as varchar) as phien_ban
from sinh
group by ky, ma_don_vi, ngay_so_lieu, phien_ban
