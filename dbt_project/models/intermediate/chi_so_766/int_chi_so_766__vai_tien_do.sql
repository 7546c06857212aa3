{{ config(
    materialized='theo_khoa',
    khoa='ky',
    thang='ky',
    theo={
        'int_chi_so_766__ho_so_nhan': 'ky',
        'int_tthc__tien_do_766': 'ky',
    },
) }}
-- Roles in 2.1: every dossier received in the month or carried into it, by the portal's own verdict (R4b).
select
    {{ vai_766('2.1', 't.ky', "'chung'", 'ho_so', 't.ma_ho_so', 't.ma_don_vi',
        "case when t.co_anh_xa then t.ma_tthc else 'chua_anh_xa' end", [
        ('t.dung_han', 'tu_so', none),
        ('t.dung_han is null', 'mau_so', "'không có hạn để xét'"),
        ('true', 'mau_so', "'quá hạn'"),
    ]) }}
from {{ phan_doi(ref('int_tthc__tien_do_766'), 'ky') }} as t
union all
{{ vai_ho_so('2.1', []) }}
where h.ly_do_loai is not null
