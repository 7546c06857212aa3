-- Roles in 2.1: every dossier received in the month or carried into it, by the portal's own verdict (R4b).
select
    {{ vai_766('2.1', 't.ky', "'chung'", 'ho_so', 't.ma_ho_so', 't.ma_don_vi',
        "case when t.co_anh_xa then t.ma_tthc else 'chua_anh_xa' end", [
        ('t.dung_han', 'tu_so', none),
        ('t.dung_han is null', 'mau_so', "'không có hạn để xét'"),
        ('true', 'mau_so', "'quá hạn'"),
    ]) }}
from {{ ref('int_tthc__tien_do_766') }} as t
union all
{{ vai_ho_so('2.1', []) }}
where h.ly_do_loai is not null
