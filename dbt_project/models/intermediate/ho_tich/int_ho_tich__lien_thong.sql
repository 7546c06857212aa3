-- Each interlinked case: the step it stands at (the first without a date), since when, and its days at each agency. An agency's
-- time runs from the end of the steps before it, so a step done ahead of its turn took no time. All as at the end of the as-of day:
-- a step done later is not done yet, a case handed in later is not there yet.
with goc as (
    select
        s.ma_ho_so,
        s.ma_don_vi,
        s.nhom,
        s.co_giay_dien_tu,
        s.ma_co_so,
        s.ngay_nop,
        case when cast(s.ngay_ho_tich as date) <= p.ngay_so_lieu then s.ngay_ho_tich end as ngay_ho_tich,
        case when cast(s.ngay_cu_tru as date) <= p.ngay_so_lieu then s.ngay_cu_tru end as ngay_cu_tru,
        case when cast(s.ngay_bhxh as date) <= p.ngay_so_lieu then s.ngay_bhxh end as ngay_bhxh
    from {{ ref('stg_ho_tich__lien_thong') }} as s
    cross join {{ source('so_cai', 'tham_so') }} as p
    where cast(s.ngay_nop as date) <= p.ngay_so_lieu
),

buoc as (
    select
        l.ma_ho_so,
        l.ma_don_vi,
        l.nhom,
        l.co_giay_dien_tu,
        l.ma_co_so,
        cast(l.ngay_nop as date) as ngay_nop,
        cast(l.ngay_ho_tich as date) as xong_ho_tich,
        cast(l.ngay_cu_tru as date) as xong_cu_tru,
        cast(l.ngay_bhxh as date) as xong_bhxh,
        cast(greatest(l.ngay_nop, l.ngay_ho_tich) as date) as vao_cu_tru,
        cast(greatest(l.ngay_nop, l.ngay_ho_tich, l.ngay_cu_tru) as date) as vao_bhxh,
        case
            when l.ngay_ho_tich is null then 'ho_tich'
            when l.ngay_cu_tru is null then 'cu_tru'
            when l.ngay_bhxh is null then 'bhxh'
            else 'xong'
        end as buoc
    from goc as l
),

moc as (
    select
        b.*,
        case
            when b.buoc = 'ho_tich' then b.ngay_nop
            when b.buoc = 'cu_tru' then b.vao_cu_tru
            when b.buoc = 'bhxh' then b.vao_bhxh
            else greatest(b.vao_bhxh, b.xong_bhxh)
        end as tu_ngay
    from buoc as b
)

select
    m.ma_ho_so,
    m.ma_don_vi,
    m.nhom,
    m.co_giay_dien_tu,
    m.ma_co_so,
    m.ngay_nop,
    m.buoc,
    m.tu_ngay,
    case when m.buoc <> 'xong' then {{ so_ngay('m.tu_ngay', 'p.ngay_so_lieu') }} end as so_ngay_o_buoc,
    case when m.buoc <> 'ho_tich' then {{ so_ngay('m.ngay_nop', 'm.xong_ho_tich') }} end as so_ngay_ho_tich,
    case
        when m.buoc not in ('ho_tich', 'cu_tru')
            then {{ so_ngay('m.vao_cu_tru', 'greatest(m.vao_cu_tru, m.xong_cu_tru)') }}
    end as so_ngay_cu_tru,
    case
        when m.buoc = 'xong' then {{ so_ngay('m.vao_bhxh', 'greatest(m.vao_bhxh, m.xong_bhxh)') }}
    end as so_ngay_bhxh,
    case when m.buoc = 'xong' then {{ so_ngay('m.ngay_nop', 'm.tu_ngay') }} end as so_ngay,
    coalesce(m.buoc <> 'xong' and n.so_thu_tu - v.so_thu_tu > t.gia_tri_so, false) as bi_ket
from moc as m
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__lich_lam_viec') }} as v on m.tu_ngay = v.ngay
left join {{ ref('int_tthc__lich_lam_viec') }} as n on p.ngay_so_lieu = n.ngay
left join {{ ref('tham_so_ho_tich') }} as t on t.ma_tham_so = 'lien_thong_ket_ngay_lam_viec'
