{{ config(
    materialized='theo_khoa',
    khoa='ky',
    thang='ky',
    theo={
        'int_chi_so_766__vai_cong_khai': 'ky',
    },
) }}
{{ dem_nhom_766('cong_khai') }}
