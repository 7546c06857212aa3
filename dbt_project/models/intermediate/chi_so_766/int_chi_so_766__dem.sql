-- Counts of all groups.
{{ config(materialized='view') }}
{{ gop_dem() }}
