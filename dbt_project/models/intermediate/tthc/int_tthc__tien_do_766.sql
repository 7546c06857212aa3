{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='ky',
    theo={
        'tho.dvc__qua_trinh': 'ma_ho_so',
        'int_tthc__buoc_cho': 'ma_ho_so',
        'int_tthc__ho_so_goc': 'ma_ho_so',
        'int_tthc__han_giai_quyet': 'ma_ho_so',
        'int_tthc__ky_so_lieu': "select h.ma_ho_so from trung_gian.int_tthc__ho_so_goc as h inner join {doi} as d on cast(h.ngay_tiep_nhan as date) <= d.den_ngay and coalesce(h.ngay_ra, date '9999-12-31') >= d.tu_ngay",
    },
) }}
-- R4b, the national portal's own verdict: month × dossier received in the month or carried into it.
-- What the steps say up to the end of the month (not later than the as-of day) decides.
with cho as (
    select
        k.ky,
        c.ma_ho_so,
        count(*) as so_yeu_cau,
        sum(case
            when cast(c.den_luc as date) <= k.xet_ngay
                then {{ so_ngay('cast(c.tu_luc as date)', 'cast(c.den_luc as date)') }}
            else 0
        end) as so_ngay_cho,
        max(case
            when c.den_luc is null or cast(c.den_luc as date) > k.xet_ngay then cast(c.tu_luc as date)
        end) as dang_cho_tu
    from {{ phan_doi(ref('int_tthc__buoc_cho'), 'ma_ho_so') }} as c
    inner join {{ ref('int_tthc__ky_so_lieu') }} as k on cast(c.tu_luc as date) <= k.xet_ngay
    where c.trang_thai = 'yeu_cau_bo_sung'
    group by k.ky, c.ma_ho_so
),

-- A stop after the month hides none within it.
dung as (
    select
        k.ky,
        s.ma_ho_so,
        max(s.thoi_diem) as dung_luc
    from {{ phan_doi(source('tho', 'dvc__qua_trinh'), 'ma_ho_so') }} as s
    inner join {{ ref('int_tthc__ky_so_lieu') }} as k on cast(s.thoi_diem as date) <= k.xet_ngay
    where s.trang_thai in ('dung_xu_ly', 'khong_duoc_tiep_nhan', 'cong_dan_rut')
    group by k.ky, s.ma_ho_so
),

trong_ky as (
    select
        k.ky,
        k.xet_ngay,
        h.ma_ho_so,
        h.ma_don_vi,
        h.cap,
        h.ma_tthc,
        h.co_anh_xa,
        coalesce(cast(h.ngay_hen_tra as date), d.han_tinh_lai) as han,
        case
            when not h.co_buoc and cast(coalesce(h.ngay_ket_thuc, h.ngay_tra) as date) <= k.xet_ngay
                then cast(coalesce(h.ngay_ket_thuc, h.ngay_tra) as date)
            when cast(h.xong_luc as date) <= k.xet_ngay then cast(h.xong_luc as date)
            when cast(h.tra_luc as date) <= k.xet_ngay then cast(h.tra_luc as date)
            when s.dung_luc >= h.ngay_tiep_nhan then cast(s.dung_luc as date)
        end as ket_thuc
    from {{ phan_doi(ref('int_tthc__ho_so_goc'), 'ma_ho_so') }} as h
    inner join {{ ref('int_tthc__ky_so_lieu') }} as k
        on
            cast(h.ngay_tiep_nhan as date) <= k.den_ngay
            and coalesce(h.ngay_ra, date '9999-12-31') >= k.tu_ngay
    left join {{ phan_doi(ref('int_tthc__han_giai_quyet'), 'ma_ho_so') }} as d on h.ma_ho_so = d.ma_ho_so
    left join dung as s on k.ky = s.ky and h.ma_ho_so = s.ma_ho_so
    where h.phan_loai not in ('chua_tiep_nhan', 'tu_choi')
)

select
    t.ky,
    t.ma_ho_so,
    t.ma_don_vi,
    t.cap,
    t.ma_tthc,
    t.co_anh_xa,
    case
        when c.so_yeu_cau > 1 then false
        else
            {{ cong_ngay('coalesce(t.ket_thuc, c.dang_cho_tu, t.xet_ngay)', '-coalesce(c.so_ngay_cho, 0)') }} <= t.han
    end as dung_han
from trong_ky as t
left join cho as c on t.ky = c.ky and t.ma_ho_so = c.ma_ho_so
