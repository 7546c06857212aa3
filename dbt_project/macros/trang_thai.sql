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

{#- Whether a dossier is finished (R4), once those that were refused, withdrawn or stopped are out. -#}
{% macro da_xong(trang_thai, ngay_ket_thuc) -%}
({{ trang_thai }} in ('da_xu_ly_xong', 'da_tra_ket_qua') or {{ ngay_ket_thuc }} is not null)
{%- endmacro %}

{#- Class of a dossier for counting (R4, R5), from its status and its day of end. -#}
{% macro phan_loai_ho_so(trang_thai, ngay_ket_thuc) -%}
case
    when {{ trang_thai }} = 'moi_dang_ky' then 'chua_tiep_nhan'
    when {{ trang_thai }} = 'khong_duoc_tiep_nhan' then 'tu_choi'
    when {{ trang_thai }} in ('cong_dan_rut', 'dung_xu_ly') then 'tra_lai'
    when {{ da_xong(trang_thai, ngay_ket_thuc) }} then 'da_giai_quyet'
    else 'dang_xu_ly'
end
{%- endmacro %}
