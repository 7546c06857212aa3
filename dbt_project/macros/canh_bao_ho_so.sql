{#- Alerts on single dossiers: late, nearly due, standing still at a step. Reads the CTEs `nguong` (limits) and `don_vi` (names) of
    the list it stands in. -#}
{% macro canh_bao_ho_so() -%}
with mo as (
    {{ ho_so_mo_cuoi_ngay('t.ngay_so_lieu') }}
),

-- Where each stood at the end of the as-of day: a step after it is none of that day's.
buoc as (
    select x.*
    from (
        select
            s.ma_ho_so,
            s.thoi_diem,
            s.trang_thai,
            s.ma_don_vi,
            s.loai_buoc,
            row_number() over (
                partition by s.ma_ho_so
                order by s.thoi_diem desc nulls last, {{ thu_tu_trang_thai('s.trang_thai') }} desc nulls last
            ) as hang
        from {{ ref('tthc__buoc_ho_so') }} as s
        inner join mo on s.ma_ho_so = mo.ma_ho_so
        cross join {{ source('so_cai', 'tham_so') }} as p
        where cast(s.thoi_diem as date) <= p.ngay_so_lieu
    ) as x
    where x.hang = 1
),

dung as (
    select
        b.ma_ho_so,
        l.so_thu_tu as buoc_thu_tu,
        concat_ws(
            '',
            case
                when b.trang_thai = 'yeu_cau_bo_sung' or b.loai_buoc = 'cho_bo_sung' then 'chờ công dân bổ sung'
                when
                    b.trang_thai = 'yeu_cau_nghia_vu_tai_chinh' or b.loai_buoc = 'thu_phi'
                    then 'chờ nộp phí, nghĩa vụ tài chính'
                when b.loai_buoc = 'trinh_ky' then 'chờ ký'
                when b.loai_buoc = 'lay_y_kien' then 'lấy ý kiến'
                when b.loai_buoc = 'tham_dinh' then 'thẩm định'
                when b.loai_buoc = 'dong_dau_tra' then 'đóng dấu, trả kết quả'
                else 'xử lý'
            end,
            case
                when coalesce(d.ten_don_vi, b.ma_don_vi) is not null
                    then concat_ws('', ' tại ', coalesce(d.ten_don_vi, b.ma_don_vi))
                else ''
            end
        ) as cho_dung
    from buoc as b
    left join don_vi as d on b.ma_don_vi = d.ma_don_vi
    left join {{ ref('int_tthc__lich_lam_viec') }} as l on cast(b.thoi_diem as date) = l.ngay
),

ho_so as (
    select
        m.*,
        d.buoc_thu_tu,
        d.cho_dung,
        s.nguong as nguong_sap,
        k.nguong as nguong_dung,
        case
            when m.ngay_tre_tu <= p.ngay_so_lieu then 'qua_han'
            when m.con_lai between 0 and s.nguong then 'sap_den_han'
        end as loai_han,
        case when m.nay_thu_tu - d.buoc_thu_tu > k.nguong then 'dung_lau' end as loai_dung
    from mo as m
    cross join {{ source('so_cai', 'tham_so') }} as p
    inner join nguong as s on s.loai = 'sap_den_han'
    inner join nguong as k on k.loai = 'dung_lau'
    left join dung as d on m.ma_ho_so = d.ma_ho_so
)

select
    h.loai_han as loai,
    h.ma_ho_so as doi_tuong,
    h.ma_don_vi,
    concat_ws(
        '',
        'Hồ sơ ', h.ma_ho_so,
        case
            when h.loai_han = 'sap_den_han'
                then concat_ws('', ' còn ', cast(h.con_lai as varchar), ' ngày làm việc là đến hẹn trả')
            when h.con_lai < 0 then concat_ws('', ' quá hẹn trả ', cast(-h.con_lai as varchar), ' ngày làm việc')
            else ' quá hẹn trả chưa đến 1 ngày làm việc'
        end,
        case when h.cho_dung is not null then concat_ws('', ', đang ', h.cho_dung) else '' end, '.'
    ) as mo_ta,
    abs(h.con_lai) as so_ngay,
    cast(null as double) as gia_tri,
    cast(null as double) as nguong_rieng,
    case h.loai_han when 'qua_han' then h.ngay_tre_tu else greatest(h.ngay_nhan, l.ngay) end as mo_tu_ngay,
    1 as so_viec
from ho_so as h
left join {{ ref('int_tthc__lich_lam_viec') }} as l
    on l.la_ngay_lam_viec and l.so_thu_tu = h.han_thu_tu - cast(h.nguong_sap as integer)
where h.loai_han is not null
union all
select
    h.loai_dung as loai,
    h.ma_ho_so as doi_tuong,
    h.ma_don_vi,
    concat_ws(
        '',
        'Hồ sơ ', h.ma_ho_so, ' ', cast(h.nay_thu_tu - h.buoc_thu_tu as varchar),
        ' ngày làm việc không có bước mới, đang ', h.cho_dung, '.'
    ) as mo_ta,
    h.nay_thu_tu - h.buoc_thu_tu as so_ngay,
    cast(null as double) as gia_tri,
    cast(null as double) as nguong_rieng,
    l.ngay as mo_tu_ngay,
    1 as so_viec
from ho_so as h
left join {{ ref('int_tthc__lich_lam_viec') }} as l
    on l.la_ngay_lam_viec and l.so_thu_tu = h.buoc_thu_tu + cast(h.nguong_dung as integer) + 1
where h.loai_dung is not null
{%- endmacro %}
