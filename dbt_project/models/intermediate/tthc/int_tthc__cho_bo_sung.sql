{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    theo={
        'int_tthc__tam_dung': 'ma_ho_so',
        'int_tthc__buoc_cho': 'ma_ho_so',
        'int_tthc__ho_so_goc': 'ma_ho_so',
    },
    theo_ngay=[
        "select ma_ho_so from trung_gian.int_tthc__buoc_cho where den_luc is null",
    ],
) }}
-- Waiting of each dossier that ever waited: number of requests for a supplement, working days taken out of the
-- time of handling, and working days waiting for a fee (measured, it pauses nothing).
select
    coalesce(b.ma_ho_so, f.ma_ho_so) as ma_ho_so,
    coalesce(b.so_lan_bo_sung, 0) as so_lan_bo_sung,
    coalesce(b.so_ngay_cho_bo_sung, 0) as so_ngay_cho_bo_sung,
    f.so_ngay_cho_nop_phi
from (
    select
        ma_ho_so,
        cast(count(*) as integer) as so_lan_bo_sung,
        cast(sum(so_ngay_lam_viec) as integer) as so_ngay_cho_bo_sung
    from {{ phan_doi(ref('int_tthc__tam_dung'), 'ma_ho_so') }}
    group by ma_ho_so
) as b
full outer join (
    select
        c.ma_ho_so,
        cast(sum(greatest(e.so_thu_tu - a.so_thu_tu, 0)) as integer) as so_ngay_cho_nop_phi
    from {{ phan_doi(ref('int_tthc__buoc_cho'), 'ma_ho_so') }} as c
    inner join {{ phan_doi(ref('int_tthc__ho_so_goc'), 'ma_ho_so') }} as h on c.ma_ho_so = h.ma_ho_so
    cross join {{ source('so_cai', 'tham_so') }} as p
    left join {{ ref('int_tthc__lich_lam_viec') }} as a on cast(c.tu_luc as date) = a.ngay
    left join {{ ref('int_tthc__lich_lam_viec') }} as e
        on cast(coalesce(c.den_luc, h.ket_thuc_luc, cast(p.ngay_so_lieu as timestamp)) as date) = e.ngay
    where c.trang_thai = 'yeu_cau_nghia_vu_tai_chinh'
    group by c.ma_ho_so
) as f on b.ma_ho_so = f.ma_ho_so
