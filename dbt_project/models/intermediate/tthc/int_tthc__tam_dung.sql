{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='den_luc',
    theo={
        'int_tthc__buoc_cho': 'ma_ho_so',
        'int_tthc__ho_so_goc': 'ma_ho_so',
    },
    theo_ngay=[
        "select ma_ho_so from trung_gian.int_tthc__buoc_cho where den_luc is null",
    ],
) }}
-- R3: how far each pause of a dossier moves its due date. Pauses are ordered by their start; one that begins
-- after the due date reached so far moves nothing, and then no later one does either (it begins later still,
-- and the due date has not moved): so the pauses that count are a prefix, and a running sum and a running
-- minimum replace the sequential rule.
with khoang as (
    select
        h.ma_ho_so,
        c.thu_tu,
        c.hoan_thanh,
        c.den_luc is null as con_cho,
        h.so_thu_tu_han,
        h.ngay_han,
        cast(c.tu_luc as date) as tu_ngay,
        cast(coalesce(c.den_luc, h.ket_thuc_luc, cast(p.ngay_so_lieu as timestamp)) as date) as den_ngay,
        cast(h.ket_thuc_luc as date) as ket_thuc_ngay,
        h.ngay_bat_dau,
        c.den_luc
    from {{ phan_doi(ref('int_tthc__buoc_cho'), 'ma_ho_so') }} as c
    inner join {{ phan_doi(ref('int_tthc__ho_so_goc'), 'ma_ho_so') }} as h on c.ma_ho_so = h.ma_ho_so
    cross join {{ source('so_cai', 'tham_so') }} as p
    where c.trang_thai = 'yeu_cau_bo_sung'
),

do_dai as (
    select
        k.ma_ho_so,
        k.thu_tu,
        k.hoan_thanh,
        k.con_cho,
        k.so_thu_tu_han,
        k.ngay_han,
        k.tu_ngay,
        k.den_luc,
        a.so_thu_tu_ke as so_thu_tu_tu,
        case
            when k.ngay_han is not null then greatest({{ so_ngay('k.tu_ngay', 'k.den_ngay') }}, 0)
            else greatest(b.so_thu_tu - a.so_thu_tu, 0)
        end as so_ngay,
        greatest(least(b.so_thu_tu, coalesce(e.so_thu_tu, b.so_thu_tu)) - greatest(a.so_thu_tu, s.so_thu_tu), 0)
            as so_ngay_lam_viec
    from khoang as k
    left join {{ ref('int_tthc__lich_lam_viec') }} as a on k.tu_ngay = a.ngay
    left join {{ ref('int_tthc__lich_lam_viec') }} as b on k.den_ngay = b.ngay
    left join {{ ref('int_tthc__lich_lam_viec') }} as e on k.ket_thuc_ngay = e.ngay
    left join {{ ref('int_tthc__lich_lam_viec') }} as s on k.ngay_bat_dau = s.ngay
),

cong_don as (
    select
        d.ma_ho_so,
        d.thu_tu,
        d.hoan_thanh,
        d.con_cho,
        d.so_thu_tu_han,
        d.ngay_han,
        d.den_luc,
        d.so_thu_tu_tu,
        d.so_ngay,
        d.so_ngay_lam_viec,
        coalesce(sum(d.so_ngay) over (
            partition by d.ma_ho_so
            order by d.thu_tu asc nulls last
            rows between unbounded preceding and 1 preceding
        ), 0) as da_doi
    from do_dai as d
),

xet as (
    select
        c.ma_ho_so,
        c.thu_tu,
        c.hoan_thanh,
        c.con_cho,
        c.den_luc,
        c.so_ngay,
        c.so_ngay_lam_viec,
        case
            when c.ngay_han is not null then c.so_thu_tu_tu <= l.so_thu_tu_ke
            else c.so_thu_tu_tu <= c.so_thu_tu_han + c.da_doi
        end as trong_han
    from cong_don as c
    left join {{ ref('int_tthc__lich_lam_viec') }} as l on {{ cong_ngay('c.ngay_han', 'c.da_doi') }} = l.ngay
)

select
    ma_ho_so,
    thu_tu,
    hoan_thanh,
    con_cho,
    den_luc,
    cast(so_ngay as integer) as so_ngay,
    cast(so_ngay_lam_viec as integer) as so_ngay_lam_viec,
    min(case when trong_han then 1 else 0 end) over (
        partition by ma_ho_so
        order by thu_tu asc nulls last
        rows between unbounded preceding and current row
    ) = 1 as duoc_tinh
from xet
