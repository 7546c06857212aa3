-- Dossiers received in a month by the way they came in; online ones by who typed them: the citizen or an official for the citizen.
select
    {{ ky_thang('h.ngay_tiep_nhan') }} as ky,
    h.ma_don_vi,
    case when h.co_anh_xa then h.ma_tthc else 'chua_anh_xa' end as ma_tthc,
    count(*) filter (where h.kenh = 'truc_tuyen' and h.nop_ho = false) as truc_tuyen_tu_nop,
    count(*) filter (where h.kenh = 'truc_tuyen' and h.nop_ho) as truc_tuyen_co_ho_tro,
    count(*) filter (where h.kenh = 'truc_tuyen' and h.nop_ho is null) as truc_tuyen_khong_ro_nguoi_nhap,
    count(*) filter (where h.kenh = 'truc_tiep') as truc_tiep,
    count(*) filter (where h.kenh = 'buu_chinh') as buu_chinh,
    count(*) filter (where h.kenh is null) as khong_ro,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('tthc__ho_so') }} as h
cross join {{ source('so_cai', 'tham_so') }} as p
where h.duoc_tiep_nhan and h.ngay_tiep_nhan is not null
group by
    {{ ky_thang('h.ngay_tiep_nhan') }}, h.ma_don_vi, case when h.co_anh_xa then h.ma_tthc else 'chua_anh_xa' end,
    p.ngay_so_lieu, p.phien_ban
