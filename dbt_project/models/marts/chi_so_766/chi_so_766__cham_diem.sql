{{ config(materialized='bang_macro', tham_so=[
    'p_quy_tac', 'p_nguong', 'p_mau_so_bang_0', 'p_diem_toi_da', 'p_tu_so', 'p_mau_so', 'p_cap_ap_dung', 'p_cap', 'p_toan_tinh',
], kieu_tham_so={
    'p_nguong': 'decimal(9, 4)', 'p_diem_toi_da': 'decimal(9, 2)', 'p_tu_so': 'decimal(24, 6)', 'p_mau_so': 'decimal(24, 6)',
    'p_toan_tinh': 'boolean',
}) }}
{#- R15 as published SQL: the expressions with which every mart is scored, so that a draft is scored by nothing else. -#}
select
    {{ diem_766('p_quy_tac', 'p_nguong', 'p_mau_so_bang_0', 'p_diem_toi_da', 'p_tu_so', 'p_mau_so') }} as diem,
    {{ diem_hien_thi(diem_766('p_quy_tac', 'p_nguong', 'p_mau_so_bang_0', 'p_diem_toi_da', 'p_tu_so', 'p_mau_so')) }} as diem_hien_thi,
    {{ ap_dung_766('p_cap_ap_dung', 'p_cap', 'p_toan_tinh') }} as ap_dung
