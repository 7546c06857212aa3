-- Feedback and petitions by month of receipt, agency, kind, field of work and whether a central branch answers, in their state at the end of the as-of day.
select
    x.ky,
    x.ma_don_vi,
    x.loai,
    {{ nhan_danh_muc('loai_pakn', 'x.loai') }} as loai_ten,
    x.linh_vuc,
    x.nganh_doc,
    cast(count(*) as bigint) as tiep_nhan,
    cast(count(*) filter (where x.da_xu_ly) as bigint) as da_xu_ly,
    cast(count(*) filter (where x.da_xu_ly and x.ngay_xu_ly <= x.han) as bigint) as dung_han,
    cast(count(*) filter (where x.da_xu_ly and x.ngay_xu_ly > x.han) as bigint) as qua_han,
    cast(count(*) filter (where x.ngay_cong_khai <= x.cuoi_ngay_so_lieu) as bigint) as cong_khai,
    cast(count(*) filter (where not x.da_xu_ly) as bigint) as dang_xu_ly,
    cast(count(*) filter (where not x.da_xu_ly and x.han < x.cuoi_ngay_so_lieu) as bigint) as dang_qua_han,
    cast(count(*) filter (where x.hai_long = 'hai_long') as bigint) as hai_long,
    cast(count(*) filter (where x.hai_long is not null) as bigint) as co_danh_gia,
    {{ tron_ky("x.ky", "x.ngay_so_lieu") }} as tron_ky,
    x.ngay_so_lieu,
    x.phien_ban
from (
    select
        {{ ky_thang('cast(k.ngay_tiep_nhan as date)') }} as ky,
        k.ma_don_vi,
        k.loai,
        {{ linh_vuc_pakn('k') }} as linh_vuc,
        d.nganh_doc,
        k.ngay_xu_ly,
        k.ngay_cong_khai,
        -- a rating is of the handling: none of one that came later
        case when coalesce(k.ngay_xu_ly <= {{ cuoi_ngay('p.ngay_so_lieu') }}, true) then k.hai_long end as hai_long,
        coalesce(k.ngay_xu_ly <= {{ cuoi_ngay('p.ngay_so_lieu') }}, false) as da_xu_ly,
        {{ han_luc('k.han_xu_ly') }} as han,
        {{ cuoi_ngay('p.ngay_so_lieu') }} as cuoi_ngay_so_lieu,
        p.ngay_so_lieu,
        p.phien_ban
    from {{ ref('stg_dvc__pakn') }} as k
    cross join {{ source('so_cai', 'tham_so') }} as p
    {{ ghep_pakn('k') }}
) as x
group by x.ky, x.ma_don_vi, x.loai, x.linh_vuc, x.nganh_doc, x.ngay_so_lieu, x.phien_ban
