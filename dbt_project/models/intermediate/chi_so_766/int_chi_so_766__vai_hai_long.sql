{{ config(
    materialized='theo_khoa',
    khoa='ky',
    thang='ky',
    theo={
        'int_chi_so_766__ky': 'ky',
        'int_chi_so_766__ho_so_nhan': 'ky',
        'int_tthc__tien_do_766': 'ky',
        'stg_dvc__pakn': "select k.ky from trung_gian.int_chi_so_766__ky as k inner join {doi} as d on cast(d.ngay_tiep_nhan as date) <= k.den_ngay and greatest(coalesce(cast(d.ngay_xu_ly as date), date '9999-12-31'), cast(d.ngay_tiep_nhan as date)) >= k.tu_ngay",
        'stg_dvc__danh_gia': "select t.ky from trung_gian.int_tthc__tien_do_766 as t inner join {doi} as d on t.ma_ho_so = d.ma_ho_so",
    },
) }}
-- Roles in satisfaction: petitions (5.1–5.3) and dossiers (5.4), judged at the end of the month (not later than the
-- as-of day). A petition without a due date is due on the working day that `tham_so_766` gives. Ratings
-- are read as in `tthc.danh_gia` (`muc_danh_gia`); one that says `khong_hai_long` is enough.
with pakn as (
    select
        k.ky,
        k.tu_ngay,
        k.den_ngay,
        k.xet_ngay,
        n.ma_pakn,
        n.ma_don_vi,
        n.loai,
        n.hai_long,
        cast(n.ngay_tiep_nhan as date) as ngay_nhan,
        case when cast(n.ngay_xu_ly as date) <= k.xet_ngay then n.ngay_xu_ly end as xong_luc,
        coalesce({{ han_luc('n.han_xu_ly') }}, {{ cuoi_ngay('h.ngay') }}) as han
    from {{ ref('stg_dvc__pakn') }} as n
    inner join {{ phan_doi(ref('int_chi_so_766__ky'), 'ky') }} as k
        on
            cast(n.ngay_tiep_nhan as date) <= k.den_ngay
            and (
                n.ngay_xu_ly is null
                or cast(n.ngay_xu_ly as date) >= k.tu_ngay
                or cast(n.ngay_tiep_nhan as date) >= k.tu_ngay
            )
    left join {{ ref('tham_so_766') }} as t
        on
            t.ma = 'han_pakn'
            and cast(n.ngay_tiep_nhan as date) >= t.hieu_luc_tu
            and (t.hieu_luc_den is null or cast(n.ngay_tiep_nhan as date) <= t.hieu_luc_den)
    left join {{ ref('int_tthc__lich_lam_viec') }} as l on cast(n.ngay_tiep_nhan as date) = l.ngay
    left join {{ ref('int_tthc__lich_lam_viec') }} as h on h.la_ngay_lam_viec and l.so_thu_tu + t.gia_tri = h.so_thu_tu
),

pakn_xet as (
    select
        ky,
        ma_pakn,
        ma_don_vi,
        loai,
        hai_long,
        ngay_nhan >= tu_ngay as nhan_trong_ky,
        coalesce(coalesce(xong_luc, {{ cuoi_ngay('xet_ngay') }}) > han, false) as qua_han
    from pakn
),

che as (
    select
        d.ma_ho_so,
        min(cast(d.thoi_diem as date)) as tu_ngay
    from {{ ref('stg_dvc__danh_gia') }} as d
    where {{ muc_danh_gia('d') }} = 'khong_hai_long'
    group by d.ma_ho_so
)

{% set tu_truoc = ('not n.nhan_trong_ky', 'loai_tru', "'nhận từ kỳ trước'") %}
{% set qua_han = ('n.qua_han', 'mau_so', "'quá hạn'") %}
{% for cach_dem, truong_hop in [
    ('5.1', [tu_truoc, ("n.loai = 'quy_dinh'", 'tu_so', none), ('true', 'mau_so', "'về hành vi'")]),
    ('5.2', [qua_han, ('true', 'tu_so', none)]),
    ('5.3', [
        tu_truoc, qua_han, ("n.hai_long = 'khong_hai_long'", 'mau_so', "'không hài lòng'"), ('true', 'tu_so', none),
    ]),
] -%}
    select
        {{ vai_766(cach_dem, 'n.ky', "'chung'", 'pakn', 'n.ma_pakn', 'n.ma_don_vi', 'null', truong_hop) }}
    from pakn_xet as n
    union all
{% endfor -%}
select
    {{ vai_766('5.4', 't.ky', "'chung'", 'ho_so', 't.ma_ho_so', 't.ma_don_vi',
        "case when t.co_anh_xa then t.ma_tthc else 'chua_anh_xa' end", [
        ('not t.dung_han', 'mau_so', "'quá hạn'"),
        ('c.tu_ngay <= k.xet_ngay', 'mau_so', "'bị đánh giá không hài lòng'"),
        ('true', 'tu_so', none),
    ]) }}
from {{ phan_doi(ref('int_tthc__tien_do_766'), 'ky') }} as t
inner join {{ phan_doi(ref('int_chi_so_766__ky'), 'ky') }} as k on t.ky = k.ky
left join che as c on t.ma_ho_so = c.ma_ho_so
union all
{{ vai_ho_so('5.4', []) }}
where h.ly_do_loai is not null
