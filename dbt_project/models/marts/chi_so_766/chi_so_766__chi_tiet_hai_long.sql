{{ config(materialized='view', nhu='int_chi_so_766__vai_hai_long') }}
{{ bang_chi_tiet('hai_long') }}
