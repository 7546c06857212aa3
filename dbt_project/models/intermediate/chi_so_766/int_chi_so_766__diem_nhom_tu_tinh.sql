-- Own points of each group and of `tong`: the sum over the components that apply (R15: what is not applicable is out of
-- the points and of the maximum). Null where nothing applies.
-- Components whose feeds have no file for the month are unknown, neither lost nor gained: `nguon_thieu` names the feeds.
with nhom as (
    select
        ky,
        ma_don_vi,
        nhom,
        max(ten_don_vi) as ten_don_vi,
        sum(diem) as diem,
        sum(case when diem is not null then diem_toi_da end) as diem_toi_da,
        sum(diem_toi_da) as diem_toi_da_day_du,
        max(case when la_toan_tinh then 1 else 0 end) = 1 as la_toan_tinh,
        {{ noi_chuoi('nguon_thieu') }} as nguon_thieu
    from {{ ref('int_chi_so_766__diem_thanh_phan') }}
    group by ky, ma_don_vi, nhom
)

select
    ky,
    ma_don_vi,
    nhom,
    ten_don_vi,
    diem,
    diem_toi_da,
    diem_toi_da_day_du,
    la_toan_tinh,
    nguon_thieu
from nhom
union all
select
    ky,
    ma_don_vi,
    'tong' as nhom,
    max(ten_don_vi) as ten_don_vi,
    sum(diem) as diem,
    sum(diem_toi_da) as diem_toi_da,
    sum(diem_toi_da_day_du) as diem_toi_da_day_du,
    max(case when la_toan_tinh then 1 else 0 end) = 1 as la_toan_tinh,
    {{ noi_chuoi('nguon_thieu') }} as nguon_thieu
from nhom
group by ky, ma_don_vi
