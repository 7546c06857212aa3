-- Own points of all groups.
{{ config(materialized='view') }}
{% for n, b in {
    'cong_khai': 'cong_khai_minh_bach', 'tien_do': 'tien_do_giai_quyet', 'truc_tuyen': 'dich_vu_truc_tuyen',
    'thanh_toan': 'thanh_toan_truc_tuyen', 'so_hoa': 'so_hoa_ho_so', 'hai_long': 'muc_do_hai_long',
}.items() -%}
select
    '{{ n }}' as nhom,
    ky,
    ma_don_vi,
    ten_don_vi,
    ma_chi_so,
    tu_so,
    mau_so,
    ty_le,
    diem,
    diem_toi_da,
    la_toan_tinh,
    dinh_nghia_tu
from {{ ref('chi_so_766__' ~ b) }}
{{ 'union all' if not loop.last }}
{% endfor %}
