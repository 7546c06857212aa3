-- Sex ratio at birth by year, for the province and for each unit of today, with the caution: enough births to read it or not.
with sinh as (
    select
        cast(substring(d.ky, 1, 4) as bigint) as nam,
        d.ma_don_vi_hien_nay,
        d.gioi_tinh,
        d.ngay_so_lieu,
        d.phien_ban
    from {{ ref('ho_tich__dang_ky') }} as d
    where
        d.loai_so = 'khai_sinh'
        and d.loai_dang_ky in ('dung_han', 'qua_han')
        and d.ky is not null
),

dem as (
    select
        nam,
        'toan_tinh' as pham_vi,
        ngay_so_lieu,
        phien_ban,
        count(*) filter (where gioi_tinh = 'nam') as so_nam,
        count(*) filter (where gioi_tinh = 'nu') as so_nu,
        count(*) as so_tre
    from sinh
    group by nam, ngay_so_lieu, phien_ban
    union all
    select
        nam,
        ma_don_vi_hien_nay as pham_vi,
        ngay_so_lieu,
        phien_ban,
        count(*) filter (where gioi_tinh = 'nam') as so_nam,
        count(*) filter (where gioi_tinh = 'nu') as so_nu,
        count(*) as so_tre
    from sinh
    where ma_don_vi_hien_nay is not null
    group by nam, ma_don_vi_hien_nay, ngay_so_lieu, phien_ban
)

select
    cast(e.nam as bigint) as nam,
    cast(e.pham_vi as varchar) as pham_vi,
    cast(e.so_nam as bigint) as so_nam,
    cast(e.so_nu as bigint) as so_nu,
    cast({{ ty_le('100 * e.so_nam', 'e.so_nu') }} as double) as ty_so_gioi_tinh,
    cast(e.so_nam + e.so_nu >= t.gia_tri_so as boolean) as du_so_tre,
    cast({{ ty_le('(e.so_nam + e.so_nu)', 'e.so_tre') }} as double) as do_phu,
    cast(e.ngay_so_lieu as date) as ngay_so_lieu,
    cast(e.phien_ban as varchar) as phien_ban
from dem as e
left join {{ ref('tham_so_ho_tich') }} as t on t.ma_tham_so = 'so_sinh_toi_thieu'
