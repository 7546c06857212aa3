{{ config(
    materialized='theo_khoa',
    khoa='ky',
    thang='ky',
    theo={
        'int_chi_so_766__ho_so_nhan': 'ky',
        'int_chi_so_766__tthc_ky': 'ky',
        'int_chi_so_766__don_vi_ky': 'ky',
    },
) }}
-- Roles in online services: 3.1 and 3.2 ask procedures, 3.3 dossiers. For an agency, 3.2 asks the online services of its
-- level (communes, districts) or those it is in charge of (departments), and any other that it received a dossier of.
with nop_truc_tuyen as (
    select
        ky,
        ma_tthc,
        ma_don_vi,
        count(*) filter (where kenh = 'truc_tuyen') as so_ho_so
    from {{ phan_doi(ref('int_chi_so_766__ho_so_nhan'), 'ky') }}
    where ly_do_loai is null
    group by ky, ma_tthc, ma_don_vi
),

nop_toan_tinh as (
    select
        ky,
        ma_tthc,
        sum(so_ho_so) as so_ho_so
    from nop_truc_tuyen
    group by ky, ma_tthc
),

dich_vu_don_vi as (
    select
        t.ky,
        t.ma_tthc,
        d.ma_don_vi
    from {{ phan_doi(ref('int_chi_so_766__tthc_ky'), 'ky') }} as t
    inner join {{ phan_doi(ref('int_chi_so_766__don_vi_ky'), 'ky') }} as d
        on t.ky = d.ky and d.hoat_dong and t.cap = d.cap and (t.cap in ('huyen', 'xa') or t.ma_don_vi = d.ma_don_vi)
    where t.truc_tuyen
    union
    select
        t.ky,
        t.ma_tthc,
        n.ma_don_vi
    from nop_truc_tuyen as n
    inner join {{ phan_doi(ref('int_chi_so_766__tthc_ky'), 'ky') }} as t on n.ky = t.ky and n.ma_tthc = t.ma_tthc and t.truc_tuyen
)

select
    {{ vai_tthc('3.1', [
        ('t.truc_tuyen', 'tu_so', none),
        ('t.muc_do_dvc is null', 'mau_so', "'không ghi mức độ'"),
        ('true', 'mau_so', "'chưa có dịch vụ công trực tuyến'"),
    ]) }}
from {{ phan_doi(ref('int_chi_so_766__tthc_ky'), 'ky') }} as t
union all
select
    {{ vai_tthc('3.2', [
        ('not t.truc_tuyen', 'loai_tru', "'không phải dịch vụ công trực tuyến'"),
        ('n.so_ho_so > 0', 'tu_so', none),
        ('true', 'mau_so', "'không có hồ sơ nộp trực tuyến'"),
    ]) }}
from {{ phan_doi(ref('int_chi_so_766__tthc_ky'), 'ky') }} as t
left join nop_toan_tinh as n on t.ky = n.ky and t.ma_tthc = n.ma_tthc
union all
select
    {{ vai_766('3.2', 'd.ky', "'don_vi'", 'tthc', 'd.ma_tthc', 'd.ma_don_vi', 'd.ma_tthc', [
        ('n.so_ho_so > 0', 'tu_so', none),
        ('true', 'mau_so', "'không có hồ sơ nộp trực tuyến'"),
    ]) }}
from dich_vu_don_vi as d
left join nop_truc_tuyen as n on d.ky = n.ky and d.ma_tthc = n.ma_tthc and d.ma_don_vi = n.ma_don_vi
union all
{{ vai_ho_so('3.3', [
    ("h.kenh = 'truc_tuyen' and (not h.da_xong or coalesce(h.ket_qua_dien_tu, false))", 'tu_so', none),
    ("h.kenh = 'truc_tuyen'", 'mau_so', "'nộp trực tuyến, đã xong mà không có kết quả điện tử'"),
    ("h.kenh = 'truc_tiep'", 'mau_so', "'nộp trực tiếp'"),
    ("h.kenh = 'buu_chinh'", 'mau_so', "'nộp qua bưu chính'"),
    ('true', 'mau_so', "'không rõ kênh'"),
]) }}
