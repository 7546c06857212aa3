-- What citizens said of how dossiers were handled, by month of the rating and agency of the dossier: five grades, 4 and 5 satisfied,
-- 3 neither (`muc_danh_gia`). (Component 5.4 of Bộ chỉ số 766 is another measure: all dossiers, less those late or rated badly.)
with luot as (
    select
        d.ma_ho_so,
        h.ma_don_vi,
        {{ ky_thang('cast(d.thoi_diem as date)') }} as ky,
        {{ muc_danh_gia('d') }} as muc
    from {{ ref('stg_dvc__danh_gia') }} as d
    cross join {{ source('so_cai', 'tham_so') }} as p
    left join {{ ref('int_tthc__ho_so_goc') }} as h on d.ma_ho_so = h.ma_ho_so
    where cast(d.thoi_diem as date) <= p.ngay_so_lieu
),

dem as (
    select
        l.ky,
        l.ma_don_vi,
        count(*) as so_danh_gia,
        count(distinct l.ma_ho_so) as so_ho_so,
        count(*) filter (where l.muc = 'hai_long') as hai_long,
        count(*) filter (where l.muc = 'binh_thuong') as binh_thuong,
        count(*) filter (where l.muc = 'khong_hai_long') as khong_hai_long
    from luot as l
    group by l.ky, l.ma_don_vi
)

select
    d.ky,
    d.ma_don_vi,
    cast(d.so_danh_gia as bigint) as so_danh_gia,
    cast(d.so_ho_so as bigint) as so_ho_so,
    cast(d.hai_long as bigint) as hai_long,
    cast(d.binh_thuong as bigint) as binh_thuong,
    cast(d.khong_hai_long as bigint) as khong_hai_long,
    cast({{ ty_le('d.hai_long', '(d.hai_long + d.binh_thuong + d.khong_hai_long)') }} as double) as ty_le_hai_long,
    {{ tron_ky('d.ky', 'p.ngay_so_lieu') }} as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from dem as d
cross join {{ source('so_cai', 'tham_so') }} as p
