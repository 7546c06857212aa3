with dem as (
    select
        d.ky,
        d.ma_don_vi,
        d.loai_so,
        d.ngay_so_lieu,
        d.phien_ban,
        count(*) as so_luong,
        count(*) filter (where d.dung_han) as dung_han,
        count(*) filter (where d.dung_han is not null) as dung_han_mau_so,
        count(*) filter (
            where d.loai_so in ('khai_sinh', 'khai_tu') and d.loai_dang_ky in ('dung_han', 'qua_han')
        ) as dung_han_ap_dung,
        count(*) filter (where d.co_so_dinh_danh) as co_so_dinh_danh,
        -- The sex ratio looks at children newly registered: no re-registration, no record from abroad.
        count(*) filter (
            where d.loai_so = 'khai_sinh' and d.loai_dang_ky in ('dung_han', 'qua_han') and d.gioi_tinh = 'nam'
        ) as so_nam,
        count(*) filter (
            where d.loai_so = 'khai_sinh' and d.loai_dang_ky in ('dung_han', 'qua_han') and d.gioi_tinh = 'nu'
        ) as so_nu
    from {{ ref('ho_tich__dang_ky') }} as d
    group by d.ky, d.ma_don_vi, d.loai_so, d.ngay_so_lieu, d.phien_ban
)

select
    cast(e.ky as varchar) as ky,
    cast(e.ma_don_vi as varchar) as ma_don_vi,
    cast(e.loai_so as varchar) as loai_so,
    {{ nhan_danh_muc('loai_so', 'e.loai_so') }} as loai_so_ten,
    cast(e.so_luong as bigint) as so_luong,
    cast(e.dung_han as bigint) as dung_han,
    cast(e.dung_han_mau_so as bigint) as dung_han_mau_so,
    cast({{ ty_le('e.dung_han', 'e.dung_han_mau_so') }} as double) as dung_han_ty_le,
    cast({{ ty_le('e.dung_han_mau_so', 'e.dung_han_ap_dung') }} as double) as dung_han_do_phu,
    cast(case when e.loai_so in ('khai_sinh', 'khai_tu') then e.co_so_dinh_danh end as bigint) as co_so_dinh_danh,
    cast(case when e.loai_so = 'khai_sinh' then e.so_nam end as bigint) as so_nam,
    cast(case when e.loai_so = 'khai_sinh' then e.so_nu end as bigint) as so_nu,
    -- Null only where no girl or nobody was born; whether it can be read is told by ho_tich.ty_so_gioi_tinh.
    cast(case when e.loai_so = 'khai_sinh' then {{ ty_le('100 * e.so_nam', 'e.so_nu') }} end as double)
        as ty_so_gioi_tinh,
    {{ tron_ky("e.ky", "e.ngay_so_lieu") }} as tron_ky,
    cast(e.ngay_so_lieu as date) as ngay_so_lieu,
    cast(e.phien_ban as varchar) as phien_ban
from dem as e
