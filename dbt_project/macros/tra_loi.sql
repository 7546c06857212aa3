{#- What has come of the owner's answer about an open defect, for the mart and for the workbooks (pipelines/defects), which
    read this very text; it may therefore use nothing but its arguments. `a`: the newest answer (tra_loi, den_ngay,
    so_lan); `tu_lan`: the run that opened the defect; `lan_xet`: the last run that judged its rule; `ngay`: as-of day.
    “Mended” is about the interval in which it was said, and proven wrong by the next run that judged the rule. -#}
{% macro tinh_trang_tra_loi(a, tu_lan, lan_xet, ngay) -%}
    case
        when {{ a }}.tra_loi = 'khong_thuoc' then 'da_chuyen'
        when {{ a }}.tra_loi = 'khong_phai_loi' and {{ a }}.den_ngay >= {{ ngay }} then 'dang_mien'
        when {{ a }}.tra_loi = 'khong_phai_loi' then 'het_mien'
        when {{ a }}.tra_loi is null or {{ a }}.so_lan < {{ tu_lan }} then null
        when {{ lan_xet }} > {{ a }}.so_lan then 'bao_sua_con_sai'
        else 'bao_da_sua'
    end
{%- endmacro %}
