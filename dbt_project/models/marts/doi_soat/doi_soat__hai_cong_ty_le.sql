-- Why the shares of the two portals differ, to the last dossier: per month of receipt and verdict of R12, numerator
-- and denominator on each side. The columns of a month add up to each side's own share.
-- `dung_han`: finished dossiers with a conclusion about the due date; `truc_tuyen`: received dossiers, of them online
-- (the portal's export has no channel: the province's is used, so that only the dossiers it holds differ).
with dem as (
    select
        coalesce(ky, 'khong_ro') as ky,
        'dung_han' as chi_tieu,
        loai_lech,
        count(*) filter (where ket_luan_tinh = 'dung_han') as tu_so_tinh,
        count(*) filter (where ket_luan_tinh is not null) as mau_so_tinh,
        count(*) filter (where ket_luan_qg = 'dung_han') as tu_so_qg,
        count(*) filter (where ket_luan_qg is not null) as mau_so_qg
    from {{ ref('int_doi_soat__hai_cong') }}
    group by 1, 2, 3
    union all
    select
        coalesce(ky, 'khong_ro') as ky,
        'truc_tuyen' as chi_tieu,
        loai_lech,
        count(*) filter (where duoc_tiep_nhan and kenh = 'truc_tuyen') as tu_so_tinh,
        count(*) filter (where duoc_tiep_nhan) as mau_so_tinh,
        count(*) filter (
            where trang_thai_qg not in ('moi_dang_ky', 'khong_duoc_tiep_nhan') and kenh = 'truc_tuyen'
        ) as tu_so_qg,
        count(*) filter (where trang_thai_qg not in ('moi_dang_ky', 'khong_duoc_tiep_nhan')) as mau_so_qg
    from {{ ref('int_doi_soat__hai_cong') }}
    group by 1, 2, 3
)

select
    cast(d.ky as varchar) as ky,
    cast(d.chi_tieu as varchar) as chi_tieu,
    cast(d.loai_lech as varchar) as loai_lech,
    {{ nhan_danh_muc('loai_lech', 'd.loai_lech') }} as loai_lech_ten,
    cast(d.tu_so_tinh as bigint) as tu_so_tinh,
    cast(d.mau_so_tinh as bigint) as mau_so_tinh,
    cast(d.tu_so_qg as bigint) as tu_so_qg,
    cast(d.mau_so_qg as bigint) as mau_so_qg,
    {{ tron_ky("d.ky", "p.ngay_so_lieu") }} as tron_ky,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from dem as d
cross join {{ source('so_cai', 'tham_so') }} as p
where d.mau_so_tinh + d.mau_so_qg > 0
