{{ config(materialized='view') }}
{{ bang_chi_tiet('cong_khai') }}
