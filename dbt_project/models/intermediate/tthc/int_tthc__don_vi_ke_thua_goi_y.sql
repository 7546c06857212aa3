-- R6: units that followed the unit behind an agency's code, with the agencies that stand there today: what an agency
-- without a successor, or with a code that is no longer in force, most likely became. A code that is not in force is read
-- as the one of the time before.
with mot_xa as (
    select
        v.ma_dvhc,
        v.ma_don_vi,
        v.ten_don_vi
    from {{ ref('int_tthc__don_vi_dvhc') }} as v
    inner join {{ ref('int_tthc__don_vi_hien_nay') }} as n on v.ma_don_vi = n.ma_don_vi
    where v.cap_dvhc = 'xa' and v.hieu_luc_den is null and n.con_hieu_luc
),

moi as (
    select distinct
        v.ma_don_vi,
        v.hieu_luc_tu,
        k.cap_moi,
        k.ma_moi,
        k.loai,
        case
            when x.ma_don_vi is not null then concat_ws('', x.ma_don_vi, ' – ', x.ten_don_vi)
            else concat_ws('', k.ma_moi, ' – ', d.ten)
        end as goi_y
    from {{ ref('int_tthc__don_vi_dvhc') }} as v
    inner join {{ source('dvhc', 'ke_thua') }} as k on v.cap_dvhc = k.cap and v.ma_dvhc = k.ma_cu
    inner join {{ source('dvhc', 'don_vi') }} as d on k.cap_moi = d.cap and k.ma_moi = d.ma and k.ngay = d.hieu_luc_tu
    left join mot_xa as x on k.cap_moi = 'xa' and k.ma_moi = x.ma_dvhc
    where v.ten_dvhc is null or v.ngay_xet < k.ngay
)

select
    ma_don_vi,
    hieu_luc_tu,
    count(distinct ma_moi) as so_dvhc_moi,
    min(ma_moi) as ma_dvhc_moi,
    {{ noi_chuoi_theo('goi_y', '; ', 'goi_y') }} as goi_y
from moi
group by ma_don_vi, hieu_luc_tu
