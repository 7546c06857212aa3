{{ config(materialized='view') }}
{{ bang_chi_tiet('truc_tuyen') }}
