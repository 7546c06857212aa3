{#- Place of a dossier status in the code list, 1–10. -#}
{% macro thu_tu_trang_thai(x) -%}
case {{ x }}
    {% for t in [
        'moi_dang_ky', 'duoc_tiep_nhan', 'khong_duoc_tiep_nhan', 'dang_xu_ly', 'yeu_cau_bo_sung',
        'yeu_cau_nghia_vu_tai_chinh', 'cong_dan_rut', 'dung_xu_ly', 'da_xu_ly_xong', 'da_tra_ket_qua',
    ] -%}
    when '{{ t }}' then {{ loop.index }}
    {% endfor -%}
end
{%- endmacro %}
