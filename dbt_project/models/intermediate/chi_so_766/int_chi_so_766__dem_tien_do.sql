{{ config(
    materialized='theo_khoa',
    khoa='ky',
    thang='ky',
    theo={
        'int_chi_so_766__vai_tien_do': 'ky',
    },
) }}
{{ dem_nhom_766('tien_do') }}
