{{ config(materialized='ham', tham_so=['ma_can_tim'], kieu='double') }}
select case when min(gia_tri) = max(gia_tri) then cast(min(gia_tri) as double) end as so_in
from {{ ref('doi_soat__so_lieu_bao_cao') }}
where ma_so_lieu = ma_can_tim
