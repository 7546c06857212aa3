{#- do not edit: `make docs` writes this file from pipelines/contracts/feeds/ -#}
{#- Raw tables of all feeds (`<system>__<feed>`), for models that look at every feed. -#}
{% macro bang_tho() -%}
{{ return([
    'bao_cao__so_lieu',
    'bo_chi_so_766__diem',
    'dvc__co_quan',
    'dvc__danh_gia',
    'dvc__ho_so',
    'dvc__pakn',
    'dvc__qua_trinh',
    'dvc__thanh_toan',
    'dvc__tthc',
    'dvcqg__ho_so',
    'dvcqg__tthc',
    'ho_tich__ket_hon',
    'ho_tich__khai_sinh',
    'ho_tich__khai_tu',
    'ho_tich__lien_thong',
    'ho_tich__nhan_cha_me_con',
    'ho_tich__so_hoa',
]) }}
{%- endmacro %}
