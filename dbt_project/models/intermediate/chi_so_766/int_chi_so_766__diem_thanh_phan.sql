-- Own points of all groups.
{{ config(materialized='view') }}
{{ gop_diem_thanh_phan() }}
