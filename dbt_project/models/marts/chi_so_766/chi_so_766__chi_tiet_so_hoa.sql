{{ config(materialized='view', nhu='int_chi_so_766__vai_so_hoa') }}
{{ bang_chi_tiet('so_hoa') }}
