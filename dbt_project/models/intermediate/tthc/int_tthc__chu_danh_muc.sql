-- Every name of a procedure and of a field of work that a catalogue has ever held, the province's or the national
-- portal's: what a text of a dossier must equal to be published.
select distinct
    'ten_tthc' as loai,
    ten_tthc as chu
from {{ ref('stg_dvc__tthc') }}
where ten_tthc is not null
union
select distinct
    'ten_tthc' as loai,
    ten_tthc as chu
from {{ ref('stg_dvcqg__tthc') }}
where ten_tthc is not null
union
select distinct
    'linh_vuc' as loai,
    linh_vuc as chu
from {{ ref('stg_dvc__tthc') }}
where linh_vuc is not null
