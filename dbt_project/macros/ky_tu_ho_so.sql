{#- Calendar months from the first receipt in `ho_so` to the as-of month (R14), with the day at whose end each is judged. -#}
{% macro ky_tu_ho_so(ho_so) -%}
select
    {{ ky_thang('l.ngay') }} as ky,
    l.ngay as tu_ngay,
    {{ cong_ngay('c.ngay', -1) }} as den_ngay,
    least({{ cong_ngay('c.ngay', -1) }}, p.ngay_so_lieu) as xet_ngay
from {{ ref('lich') }} as l
cross join {{ source('so_cai', 'tham_so') }} as p
inner join {{ ref('lich') }} as c on c.ngay = cast(l.ngay + interval '1' month as date)
inner join (
    select min(cast(ngay_tiep_nhan as date)) as ngay
    from {{ ref(ho_so) }}
    where ngay_tiep_nhan >= timestamp '2015-01-01 00:00:00'
) as d on {{ dau_thang('d.ngay') }} <= l.ngay
where extract(day from l.ngay) = 1 and l.ngay <= p.ngay_so_lieu
{%- endmacro %}
