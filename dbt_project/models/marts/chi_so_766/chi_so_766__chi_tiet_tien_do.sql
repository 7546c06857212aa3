-- Anatomy of 2.1: every dossier received in the month or carried into it, by the portal's own verdict (R4b).
select
    {{ phan_chi_tiet('tien_do', 't.ky', "'chung'", 'ho_so', 't.ma_ho_so', 't.ma_don_vi',
        "case when t.co_anh_xa then t.ma_tthc else 'chua_anh_xa' end",
        {'2.1': "case when t.dung_han then 'tu_so' when t.dung_han is null then 'mau_so: không có hạn để xét' "
            ~ "else 'mau_so: quá hạn' end"}) }}
from {{ ref('tien_do_766') }} as t
cross join {{ source('so_cai', 'tham_so') }} as p
union all
select
    {{ phan_chi_tiet('tien_do', 'h.ky', "'chung'", 'ho_so', 'h.ma_ho_so', 'h.ma_don_vi', 'h.ma_tthc',
        {'2.1': "concat('loai_tru: ', h.ly_do_loai)"}) }}
from {{ ref('int_chi_so_766__ho_so_nhan') }} as h
cross join {{ source('so_cai', 'tham_so') }} as p
where h.ly_do_loai is not null
