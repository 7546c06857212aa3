{#- do not edit: `make docs` writes this file from pipelines/contracts/feeds/ -#}
{#- Raw tables of all feeds (`<system>__<feed>`), for models that look at every feed. -#}
{% macro bang_tho() -%}
{{ return([
    'bao_cao__so_lieu',
    'bo_chi_so_766__diem',
    'chi_dao__muc_tieu',
    'chi_dao__nhiem_vu',
    'dao_tao__ket_qua',
    'dvc__buu_gui',
    'dvc__co_quan',
    'dvc__danh_gia',
    'dvc__ho_so',
    'dvc__pakn',
    'dvc__phi',
    'dvc__qua_trinh',
    'dvc__thanh_toan',
    'dvc__tthc',
    'dvc__van_ban',
    'dvcqg__ho_so',
    'dvcqg__tthc',
    'he_thong__gian_doan',
    'he_thong__ket_noi',
    'ho_tich__co_so_y_te',
    'ho_tich__ket_hon',
    'ho_tich__khai_sinh',
    'ho_tich__khai_tu',
    'ho_tich__lien_thong',
    'ho_tich__nhan_cha_me_con',
    'ho_tich__so_hoa',
    'nganh_doc__tong_hop',
]) }}
{%- endmacro %}
