-- Refused, withdrawn and stopped dossiers by month of the return, agency and group of reasons.
select
    x.ky,
    x.ma_don_vi,
    x.ly_do,
    cast(count(*) as bigint) as so_ho_so,
    cast(count(*) filter (where x.trang_thai = 'khong_duoc_tiep_nhan') as bigint) as tu_choi_tiep_nhan,
    cast(count(*) filter (where x.trang_thai = 'cong_dan_rut') as bigint) as cong_dan_rut,
    cast(count(*) filter (where x.trang_thai = 'dung_xu_ly') as bigint) as dung_xu_ly,
    {{ tron_ky("x.ky", "p.ngay_so_lieu") }} as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from (
    select
        case
            when h.trang_thai = 'khong_duoc_tiep_nhan'
                then {{ ky_thang('cast(coalesce(h.ket_thuc_luc, h.ngay_tiep_nhan) as date)') }}
            when h.ngay_ra is not null then {{ ky_thang('h.ngay_ra') }}
            else 'khong_ro'
        end as ky,
        h.ma_don_vi,
        r.ly_do,
        h.trang_thai
    from {{ ref('int_tthc__ho_so_goc') }} as h
    inner join {{ ref('int_tthc__ly_do_ho_so') }} as r on h.ma_ho_so = r.ma_ho_so
) as x
cross join {{ source('so_cai', 'tham_so') }} as p
group by x.ky, x.ma_don_vi, x.ly_do, p.ngay_so_lieu, p.phien_ban
