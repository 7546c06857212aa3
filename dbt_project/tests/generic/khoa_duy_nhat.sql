{#- Rows whose key (several columns, nulls equal) is not unique. -#}
{% test khoa_duy_nhat(model, cot) %}
select count(*) as so_dong
from {{ model }}
group by {{ cot | join(', ') }}
having count(*) > 1
{% endtest %}
