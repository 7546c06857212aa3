-- Procedure codes that one side's catalogue lacks (R7): the national portal's codes that no version of the province
-- carries, and the province's procedures in force whose national code the portal does not list, or that have none.
-- Nothing is listed while one of the two catalogues has not arrived at all. The suggestion is the closest name among the codes that the other side lacks in turn (whole hundredths: exact order).
with qg as (
    select
        ma_tthc_qg,
        ten_tthc,
        cap,
        {{ dang_chuan_tthc('ten_tthc') }} as ten_so_sanh
    from (
        select
            {{ ma_tthc_qg_du(ma_tthc_goc('ma_tthc_qg')) }} as ma_tthc_qg,
            max(ten_tthc) as ten_tthc,
            max(cap) as cap
        from {{ ref('stg_dvcqg__tthc') }}
        group by {{ ma_tthc_qg_du(ma_tthc_goc('ma_tthc_qg')) }}
    ) as s
),

tinh as (
    select
        v.ma_tthc,
        max(v.ma_tthc_qg) as ma_tthc_qg,
        max(v.ten_tthc) as ten_tthc,
        max(v.cap) as cap,
        max(v.ten_so_sanh) as ten_so_sanh
    from {{ ref('int_tthc__phien_ban') }} as v
    cross join {{ source('so_cai', 'tham_so') }} as p
    where v.hieu_luc_tu <= p.ngay_so_lieu and (v.hieu_luc_den is null or v.hieu_luc_den >= p.ngay_so_lieu)
    group by v.ma_tthc
),

thieu as (
    select
        cast(null as varchar) as ma_tthc,
        q.ma_tthc_qg,
        q.ten_tthc,
        q.cap,
        q.ten_so_sanh,
        'tinh' as phia_thieu
    from qg as q
    where
        not exists (
            select 1
            from {{ ref('int_tthc__phien_ban') }} as v
            where v.ma_tthc_qg = q.ma_tthc_qg
        )
        and exists (select 1 from {{ ref('int_tthc__phien_ban') }})
    union all
    select
        t.ma_tthc,
        t.ma_tthc_qg,
        t.ten_tthc,
        t.cap,
        t.ten_so_sanh,
        'cong_qg' as phia_thieu
    from tinh as t
    where
        not exists (
            select 1
            from qg as q
            where q.ma_tthc_qg = t.ma_tthc_qg
        )
        and exists (select 1 from {{ ref('stg_dvcqg__tthc') }})
),

giong as (
    select
        a.phia_thieu,
        a.ma_tthc,
        a.ma_tthc_qg,
        coalesce(b.ma_tthc, b.ma_tthc_qg) as ma_goi_y,
        b.ten_tthc as ten_goi_y,
        cast(floor({{ do_giong('a.ten_so_sanh', 'b.ten_so_sanh') }} * 100) as integer) as do_giong,
        case when a.cap = b.cap then 1 else 0 end as cung_cap
    from thieu as a
    inner join thieu as b on a.phia_thieu <> b.phia_thieu
),

xep as (
    select
        g.*,
        row_number() over (
            partition by g.phia_thieu, g.ma_tthc, g.ma_tthc_qg
            order by g.do_giong desc nulls last, g.cung_cap desc nulls last, g.ma_goi_y asc nulls last
        ) as hang
    from giong as g
    where g.do_giong >= 80
)

select
    cast(t.ma_tthc as varchar) as ma_tthc,
    cast(t.ma_tthc_qg as varchar) as ma_tthc_qg,
    cast(t.phia_thieu as varchar) as phia_thieu,
    cast(case when x.ma_goi_y is not null then concat_ws('', x.ma_goi_y, ' – ', x.ten_goi_y) end as varchar) as goi_y,
    cast(t.ten_tthc as varchar) as ten_tthc,
    cast(t.cap as varchar) as cap,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from thieu as t
cross join {{ source('so_cai', 'tham_so') }} as p
left join xep as x
    on
        t.phia_thieu = x.phia_thieu
        and coalesce(t.ma_tthc, '') = coalesce(x.ma_tthc, '')
        and coalesce(t.ma_tthc_qg, '') = coalesce(x.ma_tthc_qg, '')
        and x.hang = 1
