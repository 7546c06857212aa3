{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='tu_luc',
    theo={
        'tho.dvc__qua_trinh': 'ma_ho_so',
    },
) }}
-- Steps at which a dossier waits for the citizen, each until the next step, whatever that is: a supplement (pause of
-- R3) or a fee (measured only). A second request ends the wait for the first.
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

noi_tiep as (
    select
        ma_ho_so,
        trang_thai,
        thoi_diem as tu_luc,
        row_number() over (
            partition by ma_ho_so order by thoi_diem asc nulls last, bac asc nulls last
        ) as thu_tu,
        lead(thoi_diem) over (
            partition by ma_ho_so order by thoi_diem asc nulls last, bac asc nulls last
        ) as den_luc,
        lead(trang_thai) over (
            partition by ma_ho_so order by thoi_diem asc nulls last, bac asc nulls last
        ) as buoc_sau
    from buoc
)

select
    ma_ho_so,
    cast(thu_tu as integer) as thu_tu,
    trang_thai,
    tu_luc,
    den_luc,
    coalesce(buoc_sau not in ('yeu_cau_bo_sung', 'cong_dan_rut', 'dung_xu_ly'), false) as hoan_thanh
from noi_tiep
where trang_thai in ('yeu_cau_bo_sung', 'yeu_cau_nghia_vu_tai_chinh')
