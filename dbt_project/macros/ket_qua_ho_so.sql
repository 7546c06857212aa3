{#- R4 and R5 on a row `h` of int_tthc__ho_so_goc, written once: `tthc.ho_so` and the intermediates that count by the same words. -#}

{#- Outcome of a finished dossier against the printed due date. -#}
{% macro ket_qua_han() -%}
case
    when h.phan_loai <> 'da_giai_quyet' then null
    when h.ngay_hen_tra is null then 'khong_han'
    when cast(h.ket_thuc_luc as date) < cast(h.ngay_hen_tra as date) then 'truoc_han'
    when h.ket_thuc_luc > {{ han_luc('h.ngay_hen_tra') }} then 'qua_han'
    when h.ket_thuc_luc is not null then 'dung_han'
end
{%- endmacro %}

{#- Received: neither refused at reception nor only registered. -#}
{% macro duoc_tiep_nhan() -%}
h.phan_loai in ('tra_lai', 'da_giai_quyet', 'dang_xu_ly')
{%- endmacro %}

{#- First day at whose end an open dossier is late; null without a due date. -#}
{% macro ngay_tre_tu() -%}
case
    when h.ngay_hen_tra = cast(cast(h.ngay_hen_tra as date) as timestamp)
        then {{ cong_ngay('cast(h.ngay_hen_tra as date)', 1) }}
    else cast(h.ngay_hen_tra as date)
end
{%- endmacro %}

{#- Something had to be paid: a fee above nothing, or a payment spoken of where the fee is not told. -#}
{% macro phai_thanh_toan() -%}
coalesce(h.phi_le_phi > 0, h.thanh_toan_truc_tuyen is not null)
{%- endmacro %}
