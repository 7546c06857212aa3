-- Dossiers of both portals by month of receipt (the province's, else the portal's), unit and verdict; `khop` and
-- `khong_xet` (the other side has no file for the month) too, so that the rows of a month add up to all dossiers.
select
    cast(d.ky as varchar) as ky,
    cast(d.ma_don_vi as varchar) as ma_don_vi,
    cast(d.loai_lech as varchar) as loai_lech,
    {{ nhan_danh_muc('loai_lech', 'd.loai_lech') }} as loai_lech_ten,
    cast(d.so_ho_so as bigint) as so_ho_so,
    {{ tron_ky("d.ky", "p.ngay_so_lieu") }} as tron_ky,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from (
    select
        coalesce(ky, 'khong_ro') as ky,
        coalesce(ma_don_vi, 'khong_ro') as ma_don_vi,
        loai_lech,
        count(*) as so_ho_so
    from {{ ref('int_doi_soat__hai_cong') }}
    group by 1, 2, 3
) as d
cross join {{ source('so_cai', 'tham_so') }} as p
