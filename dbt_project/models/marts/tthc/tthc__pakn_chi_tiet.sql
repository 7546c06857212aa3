-- Petitions one by one, without their text: what windows are counted from.
select
    k.ma_pakn,
    k.ngay_tiep_nhan,
    k.loai,
    {{ linh_vuc_pakn('k') }} as linh_vuc,
    k.ma_don_vi,
    d.cap,
    d.nganh_doc,
    {{ han_luc('k.han_xu_ly') }} as han_xu_ly,
    k.ngay_xu_ly,
    k.ngay_cong_khai,
    k.hai_long,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('stg_dvc__pakn') }} as k
cross join {{ source('so_cai', 'tham_so') }} as p
{{ ghep_pakn('k') }}
