-- Printed figures as they are kept: metric, window, scope, value and printed text, with file and row.
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
