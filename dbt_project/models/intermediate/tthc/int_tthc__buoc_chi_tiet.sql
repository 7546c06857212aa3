{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='thoi_diem',
    theo={
        'stg_dvc__qua_trinh': 'ma_ho_so',
    },
) }}
-- Every step of every dossier with its class and the working hours until the next one. Steps at one moment are taken in the
-- order of the status list. The class is that of the first keyword of seed loai_buoc found in the exported name.
with buoc as (
    select
        s.ma_ho_so,
        s.thoi_diem,
        s.trang_thai,
        s.buoc,
        s.ma_don_vi,
        {{ thu_tu_trang_thai('s.trang_thai') }} as bac
    from {{ phan_doi(ref('stg_dvc__qua_trinh'), 'ma_ho_so') }} as s
),

ten_buoc as (
    select
        t.buoc,
        {{ dang_chuan('t.buoc') }} as chuan
    from (
        select distinct b.buoc
        from buoc as b
        where b.buoc is not null
    ) as t
),

loai as (
    select
        t.buoc,
        min(k.thu_tu) as thu_tu
    from ten_buoc as t
    left join {{ ref('loai_buoc') }} as k on t.chuan like concat_ws('', '%', k.tu_khoa, '%')
    group by t.buoc
),

noi as (
    select
        b.*,
        lead(b.thoi_diem) over (
            partition by b.ma_ho_so order by b.thoi_diem asc nulls last, b.bac asc nulls last
        ) as sau
    from buoc as b
)

select
    n.ma_ho_so,
    n.thoi_diem,
    n.trang_thai,
    case when n.buoc is not null then coalesce(k.loai_buoc, 'khac') end as loai_buoc,
    n.ma_don_vi,
    cast({{ giay_lam_viec('n.sau', 'c') }} - {{ giay_lam_viec('n.thoi_diem', 'd') }} as double) / 3600 as so_gio_den_buoc_sau,
    n.sau is null as la_buoc_cuoi
from noi as n
left join loai as l on n.buoc = l.buoc
left join {{ ref('loai_buoc') }} as k on l.thu_tu = k.thu_tu
left join {{ ref('int_tthc__lich_lam_viec') }} as d on cast(n.thoi_diem as date) = d.ngay
left join {{ ref('int_tthc__lich_lam_viec') }} as c on cast(n.sau as date) = c.ngay
