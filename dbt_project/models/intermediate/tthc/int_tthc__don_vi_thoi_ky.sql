-- R6: gapless periods of each unit. Before its first version a unit has its first level, after the end of a
-- version the last one it had; `trong_hieu_luc` is decided by the reader from hieu_luc_tu/hieu_luc_den.
select
    ma_don_vi,
    ten_don_vi,
    cap,
    ma_don_vi_cha,
    ma_dvhc,
    nganh_doc,
    hieu_luc_tu,
    hieu_luc_den,
    case when thu_tu = 1 then date '0001-01-01' else hieu_luc_tu end as ap_dung_tu,
    coalesce({{ cong_ngay('hieu_luc_sau', -1) }}, date '9999-12-31') as ap_dung_den
from (
    select
        ma_don_vi,
        ten_don_vi,
        cap,
        ma_don_vi_cha,
        ma_dvhc,
        nganh_doc,
        hieu_luc_tu,
        hieu_luc_den,
        row_number() over (partition by ma_don_vi order by hieu_luc_tu asc nulls last) as thu_tu,
        lead(hieu_luc_tu) over (partition by ma_don_vi order by hieu_luc_tu asc nulls last) as hieu_luc_sau
    from {{ ref('stg_dvc__co_quan') }}
) as v
