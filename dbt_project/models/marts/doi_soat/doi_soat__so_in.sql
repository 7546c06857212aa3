{{ config(materialized='ham', tham_so=['ma_can_tim'], kieu='double') }}
select case when min(s.gia_tri) = max(s.gia_tri) then cast(min(s.gia_tri) as double) end as so_in
from {{ ref('doi_soat__so_lieu_bao_cao') }} as s
where s.ma_so_lieu = ma_can_tim
