{{ config(materialized='view') }}
{{ bang_chi_tiet('so_hoa') }}
