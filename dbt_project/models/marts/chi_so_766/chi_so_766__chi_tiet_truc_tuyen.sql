{{ config(materialized='view', nhu='int_chi_so_766__vai_truc_tuyen') }}
{{ bang_chi_tiet('truc_tuyen') }}
