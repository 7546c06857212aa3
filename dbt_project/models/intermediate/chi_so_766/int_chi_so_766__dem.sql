-- Counts of all groups.
{{ config(materialized='view') }}
{% for n in ['cong_khai', 'tien_do', 'truc_tuyen', 'thanh_toan', 'so_hoa', 'hai_long'] -%}
select
    '{{ n }}' as nhom,
    ky,
    cach_dem,
    pham_vi,
    loai_doi_tuong,
    ma_don_vi,
    ma_tthc,
    tu_so,
    mau_so
from {{ ref('int_chi_so_766__dem_' ~ n) }}
{{ 'union all' if not loop.last }}
{% endfor %}
