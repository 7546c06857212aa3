-- Own points of each group and of `tong`: the sum over the components that apply (R15: what is not applicable is out of
-- the points and of the maximum). Null where nothing applies.
with nhom as (
    select
        ky,
        ma_don_vi,
        nhom,
        max(ten_don_vi) as ten_don_vi,
        sum(diem) as diem,
        sum(case when diem is not null then diem_toi_da end) as diem_toi_da,
        sum(diem_toi_da) as diem_toi_da_day_du
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
    diem_toi_da_day_du
from nhom
union all
select
    ky,
    ma_don_vi,
    'tong' as nhom,
    max(ten_don_vi) as ten_don_vi,
    sum(diem) as diem,
    sum(diem_toi_da) as diem_toi_da,
    sum(diem_toi_da_day_du) as diem_toi_da_day_du
from nhom
group by ky, ma_don_vi
