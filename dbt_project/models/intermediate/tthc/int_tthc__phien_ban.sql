-- R7: versions of the province's procedures with their codes and names in comparable form. The zeros that a
-- spreadsheet ate from a national code (six digits after the point) are put back.
{% set cot = [
    'ten_tthc', 'linh_vuc', 'cap', 'co_quan', 'nguon', 'thoi_han', 'don_vi_thoi_han', 'mot_cua', 'muc_do_dvc',
    'co_phi', 'thanh_toan_truc_tuyen', 'thiet_yeu', 'so_quyet_dinh', 'ngay_hieu_luc_vb', 'ngay_bo_cong_bo',
    'ngay_tinh_cong_bo', 'ngay_cong_khai', 'du_bo_phan', 'chi_truc_tuyen', 'nam_buoc', 'khong_giay', 'noi_bo',
    'lien_thong', 'hieu_luc_tu', 'hieu_luc_den',
] %}
select
    ma_tthc,
    {{ ma_tthc_qg_du(ma_tthc_goc('ma_tthc_qg')) }} as ma_tthc_qg,
    {% for c in cot %}{{ c }}, {% endfor %}
    {{ ma_tthc_goc('ma_tthc') }} as ma_so_sanh,
    {{ ma_tthc_qg_du(ma_tthc_goc('ma_tthc_qg')) }} as ma_qg_so_sanh,
    {{ ma_tthc_bo_khong(ma_tthc_goc('ma_tthc')) }} as ma_bo_khong,
    {{ ma_tthc_bo_khong(ma_tthc_qg_tam_so(ma_tthc_goc('ma_tthc_qg'))) }} as ma_qg_bo_khong,
    {{ dang_chuan_tthc('ten_tthc') }} as ten_so_sanh,
    _ma_tep,
    _dong
from {{ ref('stg_dvc__tthc') }}
