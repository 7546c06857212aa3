-- Each calendar day with the first working day on or after it.
select
    l.ngay,
    min(case when l.la_ngay_lam_viec then l.ngay end) over (
        order by l.ngay asc nulls last rows between current row and unbounded following
    ) as ngay_lam_viec_toi
from {{ ref('lich') }} as l
