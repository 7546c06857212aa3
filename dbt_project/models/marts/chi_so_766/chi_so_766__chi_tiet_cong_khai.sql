{{ config(materialized='view', nhu='int_chi_so_766__vai_cong_khai') }}
{{ bang_chi_tiet('cong_khai') }}
