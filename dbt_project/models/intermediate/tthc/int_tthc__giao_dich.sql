{{ config(
    materialized='theo_khoa',
    khoa='ma_giao_dich',
    thang='thoi_diem',
    theo={
        'stg_dvc__thanh_toan': 'ma_giao_dich',
        'int_tthc__ho_so_goc': "select g.ma_giao_dich from stg.stg_dvc__thanh_toan as g inner join {doi} as d on g.ma_ho_so = d.ma_ho_so",
    },
) }}
-- Payment attempts with the agency and procedure of their dossier.
select
    g.ma_giao_dich,
    g.ma_ho_so,
    g.thoi_diem,
    h.ma_don_vi,
    h.cap,
    case when h.co_anh_xa then h.ma_tthc when h.ma_ho_so is not null then 'chua_anh_xa' end as ma_tthc,
    g.kenh,
    g.ket_qua,
    g.ma_loi,
    g.so_tien
from {{ phan_doi(ref('stg_dvc__thanh_toan'), 'ma_giao_dich') }} as g
left join {{ ref('int_tthc__ho_so_goc') }} as h on g.ma_ho_so = h.ma_ho_so
