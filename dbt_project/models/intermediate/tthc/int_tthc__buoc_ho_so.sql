{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='buoc_cuoi',
    theo={
        'tho.dvc__qua_trinh': 'ma_ho_so',
    },
) }}
-- What R4b and R5 need of the steps, one row a dossier that has any. A step's own content (who, what) is not
-- needed: every state of a step says the same, so the raw table is read as it is, without ranking states.
select
    ma_ho_so,
    max(thoi_diem) as buoc_cuoi,
    min(thoi_diem) filter (where trang_thai = 'da_xu_ly_xong') as xong_luc,
    min(thoi_diem) filter (where trang_thai = 'da_tra_ket_qua') as tra_luc
from {{ phan_doi(source('tho', 'dvc__qua_trinh'), 'ma_ho_so') }}
group by ma_ho_so
