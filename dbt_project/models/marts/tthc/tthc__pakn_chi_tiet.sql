-- Petitions one by one, without their text: what windows are counted from.
select
    k.ma_pakn,
    k.ngay_tiep_nhan,
    k.loai,
    {{ nhan_danh_muc('loai_pakn', 'k.loai') }} as loai_ten,
    {{ linh_vuc_pakn('k') }} as linh_vuc,
    k.ma_don_vi,
    d.cap,
    d.nganh_doc,
    {{ han_luc('k.han_xu_ly') }} as han_xu_ly,
    k.ngay_xu_ly,
    k.ngay_cong_khai,
    k.hai_long,
    {{ nhan_danh_muc('hai_long_pakn', 'k.hai_long') }} as hai_long_ten,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('stg_dvc__pakn') }} as k
cross join {{ source('so_cai', 'tham_so') }} as p
{{ ghep_pakn('k') }}
