{#- Lower-case text without Vietnamese marks (`Hòa` → `hoa`). Input is NFC, as intake writes it. -#}
{% macro bo_dau(bieu_thuc) -%}
{%- set co = 'áàảãạăắằẳẵặâấầẩẫậéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵđð' -%}
{%- set khong = 'a' * 17 ~ 'e' * 11 ~ 'i' * 5 ~ 'o' * 17 ~ 'u' * 11 ~ 'y' * 5 ~ 'dd' -%}
translate(lower({{ bieu_thuc }}), '{{ co }}', '{{ khong }}')
{%- endmacro %}
