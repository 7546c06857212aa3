{{ config(
    materialized='theo_khoa',
    khoa='ky',
    thang='ky',
    theo={
        'int_chi_so_766__vai_truc_tuyen': 'ky',
    },
) }}
{{ dem_nhom_766('truc_tuyen') }}
