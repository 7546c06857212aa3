{{ config(materialized='view') }}
{{ bang_chi_tiet('tien_do') }}
