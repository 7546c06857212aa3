{{ config(materialized='view') }}
{{ bang_chi_tiet('thanh_toan') }}
