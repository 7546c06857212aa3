-- R6: shares of units that ended without one successor, led on to today's units: each code whose chain ends in such a unit.
-- A share whose receiver has itself ended without a successor is left out, so shares may add up to less than the whole.
with tong as (
    select
        ma_don_vi,
        sum(phan) as tong_phan
    from {{ ref('don_vi_chia') }}
    where phan > 0
    group by ma_don_vi
)

select
    n.ma_don_vi,
    m.ma_don_vi_hien_nay,
    cast(sum(c.phan) as bigint) as phan,
    cast(t.tong_phan as bigint) as tong_phan,
    {{ ty_le('sum(c.phan)', 't.tong_phan') }} as ty_le,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('int_tthc__don_vi_hien_nay') }} as n
cross join {{ source('so_cai', 'tham_so') }} as p
inner join {{ ref('don_vi_chia') }} as c on n.ma_dut_chuoi = c.ma_don_vi
inner join tong as t on c.ma_don_vi = t.ma_don_vi
inner join {{ ref('int_tthc__don_vi_hien_nay') }} as m on c.ma_don_vi_moi = m.ma_don_vi
where c.phan > 0 and m.ma_don_vi_hien_nay is not null
group by n.ma_don_vi, m.ma_don_vi_hien_nay, t.tong_phan, p.ngay_so_lieu, p.phien_ban
