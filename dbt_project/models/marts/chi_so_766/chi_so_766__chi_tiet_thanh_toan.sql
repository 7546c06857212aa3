{{ config(materialized='view', nhu='int_chi_so_766__vai_thanh_toan') }}
{{ bang_chi_tiet('thanh_toan') }}
