{#- No two rows have the same values in the columns `cot`. Gives keys' multiplicities, never another column's values. -#}
{% test khoa_duy_nhat(model, cot) %}
select count(*) as so_dong
from {{ model }}
group by {{ cot | join(', ') }}
having count(*) > 1
{% endtest %}
