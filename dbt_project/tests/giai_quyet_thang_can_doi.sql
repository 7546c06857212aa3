-- R5: received = finished + returned + in progress on every row, each of them the sum of its parts, and every
-- month's opening is the closing of the month before, by agency and procedure.
select
    g.ky,
    g.ma_don_vi,
    g.ma_tthc
from {{ ref('tthc__giai_quyet_thang') }} as g
left join {{ ref('int_tthc__ky_so_lieu') }} as k on g.ky = k.ky
left join {{ ref('int_tthc__ky_so_lieu') }} as s on {{ cong_ngay('k.den_ngay', 1) }} = s.tu_ngay
left join {{ ref('tthc__giai_quyet_thang') }} as n
    on s.ky = n.ky and g.ma_don_vi = n.ma_don_vi and g.ma_tthc = n.ma_tthc
where
    g.tiep_nhan <> g.da_giai_quyet + g.tra_lai + g.dang_giai_quyet
    or g.tiep_nhan <> g.ky_truoc + g.truc_tuyen + g.truc_tiep + g.buu_chinh + g.khong_ro_kenh
    or g.da_giai_quyet <> g.truoc_han + g.dung_han + g.qua_han + g.khong_han
    or g.dang_giai_quyet <> g.dang_trong_han + g.dang_qua_han + g.dang_khong_han
    or (s.ky is not null and g.dang_giai_quyet <> coalesce(n.ky_truoc, 0))
