-- R7: procedure codes and names in dossiers that lead to no single procedure in force, with the three closest
-- names of the province's catalogue (similarity in whole hundredths, so that the order is exact).
with la_xuat as (
    select
        h.ma_tthc,
        nullif(h.ten_tthc_xuat, '') as ten_xuat,
        count(*) as so_ho_so,
        min(cast(h.ngay_tiep_nhan as date)) as ngay_dau,
        max(cast(h.ngay_tiep_nhan as date)) as ngay_cuoi
    from {{ ref('int_tthc__ho_so_goc') }} as h
    where not h.co_anh_xa
    group by h.ma_tthc, nullif(h.ten_tthc_xuat, '')
),

-- A name that no catalogue has is shown where so many dossiers bear it that it can be nobody's.
la_hien as (
    select
        x.*,
        case
            when c.chu is not null or x.so_ho_so >= 20 then x.ten_xuat
            when x.ten_xuat is not null then {{ ngoai_danh_muc() }}
        end as ten_tthc
    from la_xuat as x
    left join {{ ref('int_tthc__chu_danh_muc') }} as c on c.loai = 'ten_tthc' and x.ten_xuat = c.chu
),

-- Names shown alike are one line, with the suggestions of the commonest of them.
la as (
    select
        ma_tthc,
        ten_xuat,
        ten_tthc,
        sum(so_ho_so) over (partition by ma_tthc, ten_tthc) as so_ho_so,
        min(ngay_dau) over (partition by ma_tthc, ten_tthc) as ngay_dau,
        max(ngay_cuoi) over (partition by ma_tthc, ten_tthc) as ngay_cuoi,
        row_number() over (
            partition by ma_tthc, ten_tthc order by so_ho_so desc nulls last, ten_xuat asc nulls last
        ) as thu_tu
    from la_hien
),

danh_muc as (
    select
        ma_tthc,
        max(ten_tthc) as ten_tthc,
        max(ten_so_sanh) as ten_so_sanh
    from {{ ref('int_tthc__phien_ban') }}
    group by ma_tthc
),

giong as (
    select
        l.ma_tthc,
        l.ten_xuat,
        d.ma_tthc as ma_goi_y,
        d.ten_tthc as ten_goi_y,
        cast(floor({{ do_giong(
            "coalesce(" ~ dang_chuan_tthc('l.ten_xuat') ~ ", lower(l.ma_tthc), '')",
            "case when l.ten_xuat is null then lower(d.ma_tthc) else d.ten_so_sanh end"
        ) }} * 100) as integer) as do_giong
    from la as l
    cross join danh_muc as d
    where l.thu_tu = 1
),

xep as (
    select
        ma_tthc,
        ten_xuat,
        concat_ws('', ma_goi_y, ' – ', ten_goi_y) as goi_y,
        row_number() over (
            partition by ma_tthc, ten_xuat order by do_giong desc nulls last, ma_goi_y asc nulls last
        ) as hang
    from giong
)

select
    l.ma_tthc,
    l.ten_tthc,
    cast(l.so_ho_so as bigint) as so_ho_so,
    l.ngay_dau,
    l.ngay_cuoi,
    max(x.goi_y) filter (where x.hang = 1) as goi_y_1,
    max(x.goi_y) filter (where x.hang = 2) as goi_y_2,
    max(x.goi_y) filter (where x.hang = 3) as goi_y_3,
    p.ngay_so_lieu,
    p.phien_ban
from la as l
cross join {{ source('so_cai', 'tham_so') }} as p
left join xep as x
    on
        coalesce(l.ma_tthc, '') = coalesce(x.ma_tthc, '')
        and coalesce(l.ten_xuat, '') = coalesce(x.ten_xuat, '')
        and x.hang <= 3
where l.thu_tu = 1
group by l.ma_tthc, l.ten_tthc, l.so_ho_so, l.ngay_dau, l.ngay_cuoi, p.ngay_so_lieu, p.phien_ban
