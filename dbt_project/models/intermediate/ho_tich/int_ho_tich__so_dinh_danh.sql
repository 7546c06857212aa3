{{ config(
    materialized='theo_khoa',
    khoa='_khoa',
    theo={
        'stg_ho_tich__khai_sinh': "select _khoa from {doi} union select s._khoa from stg.stg_ho_tich__khai_sinh as s inner join {doi} as d on coalesce(s.nks_so_dinh_danh_khoa, s.nks_so_dinh_danh) = coalesce(d.nks_so_dinh_danh_khoa, d.nks_so_dinh_danh)",
    },
) }}
-- Checks of rule R9 on the identity number of each birth record that has one (private).
with so as (
    select
        _khoa,
        _thu_tu_ban_ghi,
        nks_so_dinh_danh as so,
        nks_gioi_tinh as gioi_tinh,
        cast(extract(year from nks_ngay_sinh_tu) as bigint) as nam_sinh,
        trang_thai,
        coalesce(nks_so_dinh_danh_khoa, nks_so_dinh_danh) as khoa_so,
        concat_ws('', _ten, '+', _ngay_sinh) as nguoi,
        length(nks_so_dinh_danh) = 12 and translate(nks_so_dinh_danh, '0123456789', '') = '' as dung_dang
    from {{ phan_doi(ref('stg_ho_tich__khai_sinh'), '_khoa') }}
    where nks_so_dinh_danh is not null
),

tach as (
    select
        s.*,
        case when s.dung_dang then substring(s.so, 1, 3) end as ma_tinh,
        case when s.dung_dang then cast(substring(s.so, 4, 1) as bigint) end as the_ky_gioi,
        case when s.dung_dang then cast(substring(s.so, 5, 2) as bigint) end as nam_hai_so
    from so as s
),

-- One number in records of different children under different keys; cancelled records hold no number any more.
dung_chung as (
    select coalesce(nks_so_dinh_danh_khoa, nks_so_dinh_danh) as khoa_so
    from {{ ref('stg_ho_tich__khai_sinh') }}
    where
        nks_so_dinh_danh is not null
        and coalesce(trang_thai, '') <> 'da_huy'
        and {{ chi_khi_mot_phan('coalesce(nks_so_dinh_danh_khoa, nks_so_dinh_danh) in (select khoa_so from so)') }}
    group by coalesce(nks_so_dinh_danh_khoa, nks_so_dinh_danh)
    having min(_khoa) <> max(_khoa) and min(concat_ws('', _ten, '+', _ngay_sinh)) <> max(concat_ws('', _ten, '+', _ngay_sinh))
)

select
    t._khoa,
    t._thu_tu_ban_ghi,
    md5(concat_ws('', t._khoa, ':', cast(t._thu_tu_ban_ghi as varchar))) as ma_ban_ghi,
    not t.dung_dang as sai_dang,
    coalesce(t.ma_tinh is not null and m.ma_tinh is null, false) as sai_ma_tinh,
    coalesce(
        (t.gioi_tinh = 'nam' and mod(t.the_ky_gioi, 2) = 1) or (t.gioi_tinh = 'nu' and mod(t.the_ky_gioi, 2) = 0),
        false
    ) as sai_gioi_tinh,
    coalesce(
        1900 + 100 * {{ chia_nguyen('t.the_ky_gioi', '2') }} + t.nam_hai_so <> t.nam_sinh, false
    ) as sai_nam_sinh,
    d.khoa_so is not null and coalesce(t.trang_thai, '') <> 'da_huy' as dung_chung_so
from tach as t
left join {{ ref('ma_tinh_khai_sinh') }} as m on t.ma_tinh = m.ma_tinh
left join dung_chung as d on t.khoa_so = d.khoa_so
