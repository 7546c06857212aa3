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
-- Roles in digitisation: dossiers received in the month in their newest state, procedures used by citizens (4.5a), and
-- communes at work on the month's last day (4.2c).
with thu_tuc as (
    select
        ky,
        ma_tthc,
        max(case when dung_du_lieu_dan_cu then 1 else 0 end) as dung_dan_cu
    from {{ phan_doi(ref('int_chi_so_766__ho_so_nhan'), 'ky') }}
    where ly_do_loai is null and cua_cong_dan and ma_tthc <> 'chua_anh_xa'
    group by ky, ma_tthc
),

chung_thuc as (
    select distinct
        ky,
        ma_don_vi
    from {{ phan_doi(ref('int_chi_so_766__ho_so_nhan'), 'ky') }}
    where ly_do_loai is null and chung_thuc_dien_tu
)

{% for cach_dem, cot, ten in [
    ('4.1', 'h.ket_qua_dien_tu', 'kết quả điện tử'),
    ('4.3', 'h.tai_su_dung', 'tái sử dụng dữ liệu'),
    ('4.4', 'h.dua_vao_kho_ca_nhan', 'vào kho dữ liệu công dân'),
    ('4.5b', 'h.dung_du_lieu_dan_cu', 'dùng dữ liệu dân cư'),
] -%}
    {{ vai_ho_so(cach_dem, dat_neu(cot, cot, ten)) }}
    union all
{% endfor -%}
{{ vai_ho_so('4.2', [
    ('h.so_hoa_ho_so and h.ket_qua_dien_tu', 'tu_so', none),
    ('h.so_hoa_ho_so and h.ket_qua_dien_tu is null', 'mau_so', "'kết quả điện tử: không ghi'"),
    ('h.so_hoa_ho_so', 'mau_so', "'kết quả điện tử: không'"),
    ('h.so_hoa_ho_so is null', 'mau_so', "'số hóa thành phần: không ghi'"),
    ('true', 'mau_so', "'số hóa thành phần: không'"),
]) }}
union all
select
    {{ vai_tthc('4.5a', [
        ('t.dung_dan_cu = 1', 'tu_so', none),
        ('true', 'mau_so', "'không hồ sơ nào dùng dữ liệu dân cư'"),
    ], 'c.ma_don_vi') }}
from thu_tuc as t
left join {{ phan_doi(ref('int_chi_so_766__tthc_ky'), 'ky') }} as c on t.ky = c.ky and t.ma_tthc = c.ma_tthc
union all
select
    {{ vai_766('4.2c', 'd.ky', "'tinh'", 'don_vi', 'd.ma_don_vi', 'd.ma_don_vi', 'null', [
        ('c.ma_don_vi is not null', 'tu_so', none),
        ('true', 'mau_so', "'không có hồ sơ chứng thực bản sao điện tử'"),
    ]) }}
from {{ phan_doi(ref('int_chi_so_766__don_vi_ky'), 'ky') }} as d
left join chung_thuc as c on d.ky = c.ky and d.ma_don_vi = c.ma_don_vi
where d.hoat_dong and d.cap = 'xa'
