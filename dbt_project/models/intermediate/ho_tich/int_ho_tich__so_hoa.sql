-- Newest state of each register book, with the cohort derived where the export does not give it, and how many records were
-- approved since the first state that the warehouse holds of the book.
with lich_su as (
    select
        r._khoa,
        r.da_phe_duyet,
        cast(coalesce(r._thoi_diem, t.thoi_diem) as date) as ngay,
        row_number() over (
            partition by r._khoa
            order by
                {{ thu_tu_r8('coalesce(r._thoi_diem, t.thoi_diem)', 't.thoi_diem', 't.sha256', 'r', moi_truoc=false) }}
        ) as rn
    from {{ source('tho', 'ho_tich__so_hoa') }} as r
    left join {{ source('so_cai', 'tep') }} as t on r._ma_tep = t.ma_tep
)

select
    s.ma_don_vi,
    s.loai_so,
    coalesce(s.giai_doan, g.giai_doan) as giai_doan,
    s.so_truong_hop,
    s.da_nhap,
    s.da_doi_soat,
    s.da_phe_duyet,
    cast(s.ngay_cap_nhat as date) as ngay_cap_nhat,
    l.ngay as ngay_dau,
    case when l.ngay < cast(s.ngay_cap_nhat as date) then s.da_phe_duyet - l.da_phe_duyet end as duyet_them
from {{ ref('stg_ho_tich__so_hoa') }} as s
left join {{ ref('giai_doan_so_hoa') }} as g
    on s.giai_doan is null and s.nam_mo_so >= g.nam_tu and s.nam_mo_so <= g.nam_den
left join lich_su as l on s._khoa = l._khoa and l.rn = 1
