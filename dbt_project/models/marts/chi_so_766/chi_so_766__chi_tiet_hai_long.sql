{{ config(materialized='view') }}
{{ bang_chi_tiet('hai_long') }}
