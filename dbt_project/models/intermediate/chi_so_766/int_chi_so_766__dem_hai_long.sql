{{ config(
    materialized='theo_khoa',
    khoa='ky',
    thang='ky',
    theo={
        'int_chi_so_766__vai_hai_long': 'ky',
    },
) }}
{{ dem_nhom_766('hai_long') }}
