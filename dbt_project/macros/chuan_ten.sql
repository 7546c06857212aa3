{#- A person's name in the form in which two spellings of one name are equal: no case, single spaces, marks in one order,
    `Hoà` = `HÒA`. Tones stay, as in Vietnamese they tell names apart (`Hoa` and `Hòa` are two names): the letters without
    tones, then the tone of each word. -#}
{% macro chuan_ten(bieu_thuc) -%}
{%- set nguyen_am = 'aăâeêioôơuưy' -%}
{%- set co_thanh = 'áắấéếíóốớúứýàằầèềìòồờùừỳảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹạặậẹệịọộợụựỵ' -%}
{%- set chu = "trim(" ~ thay_mau("replace(lower(" ~ nfc(bieu_thuc) ~ "), 'ð', 'đ')", "[ ]+", " ") ~ ")" -%}
concat_ws(
    '',
    translate({{ chu }}, '{{ co_thanh }}', '{{ nguyen_am * 5 }}'),
    '/',
    translate(
        {{ thay_mau(chu, '[^ ' ~ co_thanh ~ ']', '') }},
        '{{ co_thanh }}',
        '{{ "1" * 12 ~ "2" * 12 ~ "3" * 12 ~ "4" * 12 ~ "5" * 12 }}'
    )
)
{%- endmacro %}
