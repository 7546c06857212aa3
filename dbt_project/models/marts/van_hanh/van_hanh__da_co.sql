{{ config(materialized='ham', tham_so=['nguon_can_tim'], kieu='boolean') }}
select coalesce(max(tep_cuoi) is not null, false) as da_co
from {{ ref('van_hanh__nguon') }}
where nguon_du_lieu = nguon_can_tim
