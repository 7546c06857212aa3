-- Printed figures as they are kept: metric, window, scope, value and printed text, with file and row; and beside each what was
-- printed of the same metric and scope for the last window that had ended before its own began (of a count up to a day: for an
-- earlier day), where that is one value.
with truoc as (
    select
        b.ma_bao_cao,
        b.ma_so_lieu,
        a.den_ngay,
        min(a.gia_tri) as gia_tri,
        max(a.gia_tri) as gia_tri_khac,
        row_number() over (partition by b.ma_bao_cao, b.ma_so_lieu order by a.den_ngay desc nulls last) as hang
    from {{ ref('int_doi_soat__so_lieu') }} as b
    inner join {{ ref('int_doi_soat__so_lieu') }} as a
        on
            b.chi_tieu = a.chi_tieu
            and b.pham_vi_khoa = a.pham_vi_khoa
            and b.don_vi_chuan = a.don_vi_chuan
            and coalesce(b.he_so, 0) = coalesce(a.he_so, 0)
            and (b.tu_ngay is null) = (a.tu_ngay is null)
            and coalesce(b.tu_ngay, b.den_ngay) > a.den_ngay
    where not b.liet_ke
    group by b.ma_bao_cao, b.ma_so_lieu, a.den_ngay
)

select
    cast(f.ma_bao_cao as varchar) as ma_bao_cao,
    cast(f.ma_so_lieu as varchar) as ma_so_lieu,
    cast(f.ten_bao_cao as varchar) as ten_bao_cao,
    cast(f.trich_dan as varchar) as trich_dan,
    cast(f.chi_tieu_in as varchar) as chi_tieu,
    cast(f.ten_chi_tieu as varchar) as ten_chi_tieu,
    cast(f.co_tu_dien as boolean) as co_tu_dien,
    cast(f.tu_ngay as date) as tu_ngay,
    cast(f.den_ngay as date) as den_ngay,
    cast(f.pham_vi as varchar) as pham_vi,
    cast(f.ma_don_vi as varchar) as ma_don_vi,
    cast(f.gia_tri as decimal(28, 6)) as gia_tri,
    cast(s.gia_tri_goc as varchar) as gia_tri_goc,
    cast(case when t.gia_tri = t.gia_tri_khac then t.gia_tri end as decimal(28, 6)) as gia_tri_truoc,
    cast(case when t.gia_tri = t.gia_tri_khac then f.gia_tri - t.gia_tri end as decimal(28, 6)) as thay_doi,
    cast(f.don_vi_tinh as varchar) as don_vi_tinh,
    cast(f.tu_so as decimal(28, 6)) as tu_so,
    cast(f.mau_so as decimal(28, 6)) as mau_so,
    cast(f.gia_tri_ngay_den as date) as gia_tri_ngay,
    cast(f.gia_tri_ngay as varchar) as gia_tri_ngay_goc,
    cast(f.ma_tep as varchar) as ma_tep,
    cast(f.dong as bigint) as dong,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('int_doi_soat__so_in') }} as f
inner join {{ ref('stg_bao_cao__so_lieu') }} as s on f.ma_bao_cao = s.ma_bao_cao and f.ma_so_lieu = s.ma_so_lieu
cross join {{ source('so_cai', 'tham_so') }} as p
left join truoc as t on f.ma_bao_cao = t.ma_bao_cao and f.ma_so_lieu = t.ma_so_lieu and t.hang = 1
