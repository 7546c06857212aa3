{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='tu_luc',
    theo={
        'tho.dvc__qua_trinh': 'ma_ho_so',
    },
) }}
-- Steps at which a dossier waits for the citizen, with the next step that is another status: a supplement
-- (pause of R3) or a fee (measured only). Requests one after the other are one wait of several requests.
-- Steps at one moment are taken in the order of the status list. Every state of a step says the same of it, so
-- the raw table is read as it is, without ranking states.
with buoc as (
    select distinct
        s.ma_ho_so,
        s.thoi_diem,
        s.trang_thai,
        {{ thu_tu_trang_thai('s.trang_thai') }} as bac
    from {{ phan_doi(source('tho', 'dvc__qua_trinh'), 'ma_ho_so') }} as s
    where
        s.ma_ho_so in (
            select c.ma_ho_so
            from {{ phan_doi(source('tho', 'dvc__qua_trinh'), 'ma_ho_so') }} as c
            where c.trang_thai in ('yeu_cau_bo_sung', 'yeu_cau_nghia_vu_tai_chinh')
        )
),

noi as (
    select
        ma_ho_so,
        thoi_diem,
        trang_thai,
        bac,
        lag(trang_thai) over (
            partition by ma_ho_so order by thoi_diem asc nulls last, bac asc nulls last
        ) as truoc
    from buoc
),

nhom as (
    select
        ma_ho_so,
        thoi_diem,
        trang_thai,
        bac,
        sum(case when truoc = trang_thai then 0 else 1 end) over (
            partition by ma_ho_so
            order by thoi_diem asc nulls last, bac asc nulls last
            rows between unbounded preceding and current row
        ) as so_nhom
    from noi
),

gop as (
    select
        ma_ho_so,
        so_nhom,
        trang_thai,
        min(thoi_diem) as tu_luc,
        max(thoi_diem) as yeu_cau_cuoi_luc,
        count(*) as so_yeu_cau
    from nhom
    group by ma_ho_so, so_nhom, trang_thai
),

noi_tiep as (
    select
        ma_ho_so,
        so_nhom,
        trang_thai,
        tu_luc,
        yeu_cau_cuoi_luc,
        so_yeu_cau,
        lead(tu_luc) over (partition by ma_ho_so order by so_nhom asc nulls last) as den_luc,
        lead(trang_thai) over (partition by ma_ho_so order by so_nhom asc nulls last) as buoc_sau
    from gop
)

select
    ma_ho_so,
    cast(so_nhom as integer) as thu_tu,
    trang_thai,
    tu_luc,
    den_luc,
    yeu_cau_cuoi_luc,
    cast(so_yeu_cau as integer) as so_yeu_cau,
    coalesce(buoc_sau not in ('cong_dan_rut', 'dung_xu_ly'), false) as hoan_thanh
from noi_tiep
where trang_thai in ('yeu_cau_bo_sung', 'yeu_cau_nghia_vu_tai_chinh')
