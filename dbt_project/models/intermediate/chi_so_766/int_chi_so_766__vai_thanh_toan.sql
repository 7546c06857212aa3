{{ config(
    materialized='theo_khoa',
    khoa='ky',
    thang='ky',
    theo={
        'int_chi_so_766__ho_so_nhan': 'ky',
        'int_chi_so_766__tthc_ky': 'ky',
        'stg_dvc__thanh_toan': "select n.ky from trung_gian.int_chi_so_766__ho_so_nhan as n inner join {doi} as d on n.ma_ho_so = d.ma_ho_so",
    },
    theo_ngay=[
        "select n.ky from trung_gian.int_chi_so_766__ho_so_nhan as n inner join stg.stg_dvc__thanh_toan as g on n.ma_ho_so = g.ma_ho_so where cast(g.thoi_diem as date) > {tu}",
    ],
) }}
-- Roles in online payment. A dossier is paid online if its export says so or a payment attempt through the national or
-- the provincial portal succeeded by the as-of day; a counter payment is not online.
with giao_dich as (
    select distinct g.ma_ho_so
    from {{ ref('stg_dvc__thanh_toan') }} as g
    cross join {{ source('so_cai', 'tham_so') }} as p
    where g.ket_qua = 'thanh_cong' and g.kenh in ('dvcqg', 'tinh') and cast(g.thoi_diem as date) <= p.ngay_so_lieu
),

ho_so as (
    select
        h.ky,
        h.ma_ho_so,
        h.ma_don_vi,
        h.ma_tthc,
        h.ly_do_loai,
        h.phi_le_phi,
        coalesce(h.thanh_toan_truc_tuyen, false) or g.ma_ho_so is not null as tra_truc_tuyen
    from {{ phan_doi(ref('int_chi_so_766__ho_so_nhan'), 'ky') }} as h
    left join giao_dich as g on h.ma_ho_so = g.ma_ho_so
),

thu_tuc as (
    select
        ky,
        ma_tthc,
        count(*) as so_ho_so
    from ho_so
    where ly_do_loai is null and tra_truc_tuyen
    group by ky, ma_tthc
)

{% set khong_phi = [
    ('t.co_phi is null', 'loai_tru', "'không ghi có phí hay không'"),
    ('not t.co_phi', 'loai_tru', "'không có phí'"),
] %}
select
    {{ vai_tthc('3.5', khong_phi + [
        ('t.thanh_toan_truc_tuyen', 'tu_so', none),
        ('t.thanh_toan_truc_tuyen is null', 'mau_so', "'không ghi thanh toán được hay không'"),
        ('true', 'mau_so', "'chưa thanh toán được trên Cổng DVCQG'"),
    ]) }}
from {{ phan_doi(ref('int_chi_so_766__tthc_ky'), 'ky') }} as t
union all
select
    {{ vai_tthc('3.5b', khong_phi + [
        ('n.so_ho_so > 0', 'tu_so', none),
        ('true', 'mau_so', "'không có hồ sơ thanh toán trực tuyến'"),
    ]) }}
from {{ phan_doi(ref('int_chi_so_766__tthc_ky'), 'ky') }} as t
left join thu_tuc as n on t.ky = n.ky and t.ma_tthc = n.ma_tthc
union all
{{ vai_ho_so('3.6', [
    ('h.phi_le_phi is null', 'loai_tru', "'không ghi phí, lệ phí'"),
    ('h.phi_le_phi <= 0', 'loai_tru', "'phí, lệ phí bằng 0'"),
    ('h.tra_truc_tuyen', 'tu_so', none),
    ('true', 'mau_so', "'chưa thanh toán trực tuyến'"),
], 'ho_so') }}
