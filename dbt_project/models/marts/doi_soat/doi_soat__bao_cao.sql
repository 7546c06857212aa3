-- R13: relations between printed figures, and printed figures against the warehouse, each with its verdict.
select
    cast(q.ma_bao_cao as varchar) as ma_bao_cao,
    cast(q.ma_quan_he as varchar) as ma_quan_he,
    cast(q.loai as varchar) as loai,
    {{ nhan_danh_muc('loai_quan_he', 'q.loai') }} as loai_ten,
    cast(
        case when q.thieu is not null then concat_ws('', q.mo_ta, '. Thiếu: ', q.thieu) else q.mo_ta end as varchar
    ) as mo_ta,
    cast(q.gia_tri as decimal(28, 6)) as gia_tri_in,
    cast(q.gia_tri_tinh as decimal(28, 6)) as gia_tri_tinh,
    cast(q.gia_tri - q.gia_tri_tinh as decimal(28, 6)) as chenh_lech,
    cast(q.ket_luan as varchar) as ket_luan,
    cast(case when q.mau_so_tu <= coalesce(q.mau_so_den, q.mau_so_tu) then q.mau_so_tu end as bigint) as mau_so_tu,
    cast(case when q.mau_so_tu <= q.mau_so_den then q.mau_so_den end as bigint) as mau_so_den,
    cast(q.ma_so_lieu as varchar) as ma_so_lieu,
    cast(f.chi_tieu_in as varchar) as chi_tieu,
    cast(f.pham_vi as varchar) as pham_vi,
    cast(f.tu_ngay as date) as tu_ngay,
    cast(f.den_ngay as date) as den_ngay,
    cast(f.don_vi_tinh as varchar) as don_vi_tinh,
    cast(q.thieu as varchar) as thieu,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ ref('int_doi_soat__quan_he') }} as q
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_doi_soat__so_lieu') }} as f on q.ma_bao_cao = f.ma_bao_cao and q.ma_so_lieu = f.ma_so_lieu
