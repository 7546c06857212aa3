-- Training by course and agency as of the as-of day.
with cuoi as (
    select
        d.*,
        {{ da_che('d.khoa_hoc') }} as khoa_hoc_hien
    from {{ dao_tao_den('p.ngay_so_lieu', source('so_cai', 'tham_so') ~ ' as p') }} as d
    where d.hang = 1
),

tong as (
    select
        khoa_hoc_hien as khoa_hoc,
        ma_don_vi,
        max(ngay) as ngay,
        cast(sum(ke_hoach_lop) as bigint) as ke_hoach_lop,
        cast(sum(ke_hoach_hoc_vien) as bigint) as ke_hoach_hoc_vien,
        cast(sum(dang_ky) as bigint) as dang_ky,
        cast(sum(kich_hoat) as bigint) as kich_hoat,
        cast(sum(hoan_thanh) as bigint) as hoan_thanh,
        cast(sum(chung_chi) as bigint) as chung_chi,
        cast(sum(giam_tru) as bigint) as giam_tru
    from cuoi
    group by khoa_hoc_hien, ma_don_vi
)

select
    t.khoa_hoc,
    t.ma_don_vi,
    t.ngay,
    t.ke_hoach_lop,
    t.ke_hoach_hoc_vien,
    t.dang_ky,
    t.kich_hoat,
    t.hoan_thanh,
    t.chung_chi,
    t.giam_tru,
    {{ ty_le('t.dang_ky', 't.ke_hoach_hoc_vien') }} as ty_le_dang_ky,
    {{ ty_le('t.kich_hoat', 't.dang_ky') }} as ty_le_kich_hoat,
    {{ ty_le('t.hoan_thanh', 't.dang_ky') }} as ty_le_hoan_thanh,
    {{ ty_le('t.chung_chi', 't.dang_ky') }} as ty_le_chung_chi,
    t.dang_ky - t.hoan_thanh - coalesce(t.giam_tru, 0) as chua_ro,
    p.ngay_so_lieu,
    p.phien_ban
from tong as t
cross join {{ source('so_cai', 'tham_so') }} as p
