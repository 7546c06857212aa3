{#- A jump larger than a full book is another series of numbers or a slip of the pen, not so many missing records. -#}
{%- set mot_quyen = 200 -%}
with so_dang_ky as (
    select distinct
        loai_so,
        ma_don_vi,
        cast(extract(year from ngay_dang_ky_tu) as bigint) as nam,
        case when so_nguyen is null then so_ghi end as so_khac,
        so_nguyen as so
    from (
        select
            loai_so,
            ma_don_vi,
            ngay_dang_ky_tu,
            ngay_dang_ky_den,
            so as so_ghi,
            case
                when translate(so, '0123456789', '') = '' and length(so) between 1 and 9 then cast(so as bigint)
            end as so_nguyen
        from {{ ref('int_ho_tich__ban_ghi') }}
    ) as b
    where
        extract(year from ngay_dang_ky_tu) = extract(year from ngay_dang_ky_den)
        and ma_don_vi is not null
),

buoc as (
    select
        s.*,
        s.so - coalesce(
            lag(s.so) over (partition by s.loai_so, s.ma_don_vi, s.nam order by s.so asc nulls first), 0
        ) as buoc
    from so_dang_ky as s
),

tong as (
    select
        loai_so,
        ma_don_vi,
        nam,
        sum(case when so is not null then 1 else 0 end) as so_da_co,
        sum(case when so is null then 1 else 0 end) as so_khong_doc_duoc,
        max(so) as so_lon_nhat,
        sum(case when buoc > 1 and buoc <= {{ mot_quyen }} then buoc - 1 else 0 end) as so_khuyet,
        sum(case when buoc > {{ mot_quyen }} then 1 else 0 end) as so_doan_dut
    from buoc
    group by loai_so, ma_don_vi, nam
)

select
    cast(t.loai_so as varchar) as loai_so,
    {{ nhan_danh_muc('loai_so', 't.loai_so') }} as loai_so_ten,
    cast(t.ma_don_vi as varchar) as ma_don_vi,
    cast(d.ma_don_vi_hien_nay as varchar) as ma_don_vi_hien_nay,
    cast(t.nam as bigint) as nam,
    cast(g.giai_doan as bigint) as giai_doan,
    cast(t.so_da_co as bigint) as so_da_co,
    cast(t.so_khong_doc_duoc as bigint) as so_khong_doc_duoc,
    cast(t.so_lon_nhat as bigint) as so_lon_nhat,
    cast(t.so_khuyet as bigint) as so_khuyet,
    cast(t.so_doan_dut as bigint) as so_doan_dut,
    cast({{ ty_le('t.so_khuyet', '(t.so_da_co + t.so_khuyet)') }} as double) as ty_le_khuyet,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from tong as t
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__don_vi_hien_nay') }} as d on t.ma_don_vi = d.ma_don_vi
left join {{ ref('giai_doan_so_hoa') }} as g on t.nam >= g.nam_tu and t.nam <= g.nam_den
