-- Dossiers under way while a system was out on which their field of work depends: none where no outage of the month names a field.
-- `gian_doan_den` is the first moment after the outage (or its month): the day it falls on is none of the outage's at 00:00.
with linh_vuc as (
    select
        t.linh_vuc,
        {{ dang_chuan('t.linh_vuc') }} as chuan
    from (
        select distinct linh_vuc
        from {{ ref('int_tthc__ho_so_goc') }}
        where linh_vuc is not null
    ) as t
),

phu_thuoc as (
    select
        t.ky,
        t.ma_he_thong,
        t.gian_doan_tu,
        t.gian_doan_den,
        v.linh_vuc
    from {{ ref('int_he_thong__gian_doan_thang') }} as t
    cross join linh_vuc as v
    where t.linh_vuc_phu_thuoc like concat_ws('', '%|', v.chuan, '|%')
)

select
    t.ky,
    t.ma_he_thong,
    h.ma_ho_so,
    max(case
        when
            cast(h.ngay_hen_tra as date) >= cast(t.gian_doan_tu as date)
            and cast(h.ngay_hen_tra as date)
            <= cast(greatest(t.gian_doan_tu, t.gian_doan_den - interval '1' microsecond) as date)
            then 1
        else 0
    end) as la_den_han
from phu_thuoc as t
inner join {{ ref('int_tthc__ho_so_goc') }} as h
    on
        t.linh_vuc = h.linh_vuc
        and t.gian_doan_den > h.ngay_tiep_nhan
        and (h.ket_thuc_luc is null or t.gian_doan_tu < h.ket_thuc_luc)
where
    h.phan_loai in ('tra_lai', 'da_giai_quyet', 'dang_xu_ly')
    and (h.phan_loai = 'dang_xu_ly' or h.ket_thuc_luc is not null)
group by t.ky, t.ma_he_thong, h.ma_ho_so
