-- Tasks with the days left on the as-of day and whether they are late: an open one after its day, a finished one by the day it was done.
select
    n.ma_nhiem_vu,
    {{ da_che('n.ke_hoach') }} as ke_hoach,
    {{ da_che('n.noi_dung') }} as ten_nhiem_vu,
    n.ma_don_vi,
    n.thuong_xuyen,
    n.han,
    n.trang_thai,
    {{ nhan_danh_muc('trang_thai_nhiem_vu', 'n.trang_thai') }} as trang_thai_ten,
    n.ngay_hoan_thanh,
    n.ngay_cap_nhat,
    cast(case
        when n.trang_thai <> 'xong' and not coalesce(n.thuong_xuyen, false)
            then {{ so_ngay('p.ngay_so_lieu', 'n.han') }}
    end as bigint) as con_lai_ngay,
    case
        when coalesce(n.thuong_xuyen, false) or n.han is null then null
        when n.trang_thai = 'xong' then n.ngay_hoan_thanh > n.han
        else n.han < p.ngay_so_lieu
    end as qua_han,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('stg_chi_dao__nhiem_vu') }} as n
cross join {{ source('so_cai', 'tham_so') }} as p
