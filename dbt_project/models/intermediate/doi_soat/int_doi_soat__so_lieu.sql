-- Printed figures that are numbers: what relations of R13 are tested on. A printed date has none.
{{ config(materialized='view') }}
select *
from {{ ref('int_doi_soat__so_in') }}
where gia_tri is not null
