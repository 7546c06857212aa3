{{ config(
    materialized='theo_khoa',
    khoa='ky',
    thang='ky',
    theo={
        'int_chi_so_766__vai_thanh_toan': 'ky',
    },
) }}
{{ dem_nhom_766('thanh_toan') }}
