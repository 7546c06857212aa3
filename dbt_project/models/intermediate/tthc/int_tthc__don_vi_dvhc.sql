-- R6: each version of an agency with the administrative unit its code meant on the version's last day (not later than
-- the as-of day). The zeros a spreadsheet ate are put back by the level that the number of digits tells.
with co_quan as (
    select
        c.ma_don_vi,
        c.ten_don_vi,
        c.cap,
        c.ma_don_vi_cha,
        c.hieu_luc_tu,
        c.hieu_luc_den,
        c.thay_the_boi,
        c.nganh_doc,
        nullif(trim(c.ma_dvhc), '') as ma_xuat,
        case
            when length(trim(c.ma_dvhc)) <= 2 then 'tinh'
            when length(trim(c.ma_dvhc)) = 3 and c.cap <> 'xa' then 'huyen'
            else 'xa'
        end as cap_dvhc,
        greatest(least(coalesce(c.hieu_luc_den, p.ngay_so_lieu), p.ngay_so_lieu), c.hieu_luc_tu) as ngay_xet
    from {{ ref('stg_dvc__co_quan') }} as c
    cross join {{ source('so_cai', 'tham_so') }} as p
),

ma_du as (
    select
        c.*,
        case
            when c.cap_dvhc = 'tinh' then lpad(c.ma_xuat, 2, '0')
            when c.cap_dvhc = 'huyen' then c.ma_xuat
            when c.ma_xuat is not null then concat_ws('', repeat('0', greatest(5 - length(c.ma_xuat), 0)), c.ma_xuat)
        end as ma_dvhc
    from co_quan as c
)

select
    m.ma_don_vi,
    m.ten_don_vi,
    m.cap,
    m.ma_don_vi_cha,
    m.hieu_luc_tu,
    m.hieu_luc_den,
    m.thay_the_boi,
    m.nganh_doc,
    m.ma_dvhc,
    m.cap_dvhc,
    m.ngay_xet,
    d.ten as ten_dvhc
from ma_du as m
left join {{ source('dvhc', 'don_vi') }} as d
    on
        m.cap_dvhc = d.cap
        and m.ma_dvhc = d.ma
        and (d.hieu_luc_tu is null or m.ngay_xet >= d.hieu_luc_tu)
        and (d.hieu_luc_den is null or m.ngay_xet <= d.hieu_luc_den)
