{{ config(materialized='view', nhu='int_chi_so_766__vai_tien_do') }}
{{ bang_chi_tiet('tien_do') }}
