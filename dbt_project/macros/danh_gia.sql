{#- What a rating `d` says, written once: `hai_long`, `binh_thuong`, `khong_hai_long`, or null. The word is taken before the figure: what
    a figure means hangs on the scale of the software that wrote it. One outside 1–5 is of another scale, or none: it says nothing. -#}
{% macro muc_danh_gia(d) -%}
case
    when {{ d }}.muc_do in ('rat_hai_long', 'hai_long') then 'hai_long'
    when {{ d }}.muc_do is not null then {{ d }}.muc_do
    when {{ d }}.diem in (4, 5) then 'hai_long'
    when {{ d }}.diem = 3 then 'binh_thuong'
    when {{ d }}.diem in (1, 2) then 'khong_hai_long'
end
{%- endmacro %}
