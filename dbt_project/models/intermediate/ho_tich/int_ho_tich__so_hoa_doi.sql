-- Every state of a register book that the warehouse holds as a change against the one before it: what was added, on the
-- state's day and in its week. The first state of a book brings what it holds, and says nothing of the pace.
with trang_thai as (
    select
        r._khoa,
        r.ma_don_vi,
        r.loai_so,
        cast(coalesce(r._thoi_diem, t.thoi_diem) as date) as ngay,
        coalesce(r.so_truong_hop, 0) as so_truong_hop,
        coalesce(r.da_nhap, 0) as da_nhap,
        coalesce(r.da_doi_soat, 0) as da_doi_soat,
        coalesce(r.da_phe_duyet, 0) as da_phe_duyet,
        row_number() over (
            partition by r._khoa
            order by
                {{ thu_tu_r8('coalesce(r._thoi_diem, t.thoi_diem)', 't.thoi_diem', 't.sha256', 'r', moi_truoc=false) }}
        ) as thu_tu
    from {{ source('tho', 'ho_tich__so_hoa') }} as r
    left join {{ source('so_cai', 'tep') }} as t on r._ma_tep = t.ma_tep
    cross join {{ source('so_cai', 'tham_so') }} as p
    where cast(coalesce(r._thoi_diem, t.thoi_diem) as date) <= p.ngay_so_lieu
)

select
    s.ma_don_vi,
    s.loai_so,
    s.ngay,
    {{ dau_tuan('s.ngay') }} as tuan_tu,
    s.thu_tu = 1 as la_trang_thai_dau,
    s.so_truong_hop - coalesce(b.so_truong_hop, 0) as them_truong_hop,
    s.da_nhap - coalesce(b.da_nhap, 0) as them_nhap,
    s.da_doi_soat - coalesce(b.da_doi_soat, 0) as them_doi_soat,
    s.da_phe_duyet - coalesce(b.da_phe_duyet, 0) as them_phe_duyet
from trang_thai as s
left join trang_thai as b on s._khoa = b._khoa and s.thu_tu = b.thu_tu + 1
