select
    cast(q.ma_quy_tac as varchar) as ma_quy_tac,
    cast(q.chieu as varchar) as chieu,
    {{ nhan_danh_muc('chieu_chat_luong', 'q.chieu') }} as chieu_ten,
    cast(q.bang as varchar) as bang,
    cast(q.cot as varchar) as cot,
    cast(q.mo_ta as varchar) as mo_ta,
    cast(q.muc_do as varchar) as muc_do,
    {{ nhan_danh_muc('muc_do_quy_tac', 'q.muc_do') }} as muc_do_ten,
    cast(q.nguong as double) as nguong,
    cast(q.nhom_chi_so as varchar) as nhom_chi_so,
    cast(q.noi_sua as varchar) as noi_sua,
    cast(q.can_cu as varchar) as can_cu,
    cast(q.cach_sua as varchar) as cach_sua,
    cast(q.so_ngay_sua as bigint) as so_ngay_sua,
    cast(q.ly_do_noi_long as varchar) as ly_do_noi_long,
    cast(q.noi_long_tu as date) as noi_long_tu,
    cast(q.noi_long_den as date) as noi_long_den,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ source('so_cai', 'quy_tac') }} as q
cross join {{ source('so_cai', 'tham_so') }} as p
