-- Anatomy of online services: 3.1 and 3.2 ask procedures, 3.3 dossiers. For an agency, 3.2 asks the online services of its
-- level (communes, districts) or those it is in charge of (departments), and any other that it received a dossier of.
with nop_truc_tuyen as (
    select
        ky,
        ma_tthc,
        ma_don_vi,
        count(*) filter (where kenh = 'truc_tuyen') as so_ho_so
    from {{ ref('int_chi_so_766__ho_so_nhan') }}
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
    from {{ ref('int_chi_so_766__tthc_ky') }} as t
    inner join {{ ref('int_chi_so_766__don_vi_ky') }} as d
        on t.ky = d.ky and d.hoat_dong and t.cap = d.cap and (t.cap in ('huyen', 'xa') or t.ma_don_vi = d.ma_don_vi)
    where t.truc_tuyen
    union
    select
        t.ky,
        t.ma_tthc,
        n.ma_don_vi
    from nop_truc_tuyen as n
    inner join {{ ref('int_chi_so_766__tthc_ky') }} as t on n.ky = t.ky and n.ma_tthc = t.ma_tthc and t.truc_tuyen
)

select
    {{ phan_chi_tiet('truc_tuyen', 't.ky', "'tinh'", 'tthc', 't.ma_tthc', 't.ma_don_vi', 't.ma_tthc', {
        '3.1': "case when t.truc_tuyen then 'tu_so' when t.muc_do_dvc is null then 'mau_so: không ghi mức độ' "
            ~ "else 'mau_so: chưa có dịch vụ công trực tuyến' end",
        '3.2': "case when not t.truc_tuyen then 'loai_tru: không phải dịch vụ công trực tuyến' "
            ~ "when n.so_ho_so > 0 then 'tu_so' else 'mau_so: không có hồ sơ nộp trực tuyến' end",
    }) }}
from {{ ref('int_chi_so_766__tthc_ky') }} as t
cross join {{ source('so_cai', 'tham_so') }} as p
left join nop_toan_tinh as n on t.ky = n.ky and t.ma_tthc = n.ma_tthc
union all
select
    {{ phan_chi_tiet('truc_tuyen', 'd.ky', "'don_vi'", 'tthc', 'd.ma_tthc', 'd.ma_don_vi', 'd.ma_tthc', {
        '3.2': "case when n.so_ho_so > 0 then 'tu_so' else 'mau_so: không có hồ sơ nộp trực tuyến' end",
    }) }}
from dich_vu_don_vi as d
cross join {{ source('so_cai', 'tham_so') }} as p
left join nop_truc_tuyen as n on d.ky = n.ky and d.ma_tthc = n.ma_tthc and d.ma_don_vi = n.ma_don_vi
union all
select
    {{ phan_chi_tiet('truc_tuyen', 'h.ky', "'chung'", 'ho_so', 'h.ma_ho_so', 'h.ma_don_vi', 'h.ma_tthc', {
        '3.3': vai_ho_so(
            "h.kenh = 'truc_tuyen' and (not h.da_xong or coalesce(h.ket_qua_dien_tu, false))",
            "case when h.kenh = 'truc_tuyen' then 'nộp trực tuyến, đã xong mà không có kết quả điện tử' "
            ~ "when h.kenh = 'truc_tiep' then 'nộp trực tiếp' when h.kenh = 'buu_chinh' then 'nộp qua bưu chính' "
            ~ "else 'không rõ kênh' end"
        ),
    }) }}
from {{ ref('int_chi_so_766__ho_so_nhan') }} as h
cross join {{ source('so_cai', 'tham_so') }} as p
