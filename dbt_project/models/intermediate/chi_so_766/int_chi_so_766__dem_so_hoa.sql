{{ config(
    materialized='theo_khoa',
    khoa='ky',
    thang='ky',
    theo={
        'int_chi_so_766__vai_so_hoa': 'ky',
    },
) }}
{{ dem_nhom_766('so_hoa') }}
