-- Anatomy of digitisation: dossiers received in the month in their newest state, procedures used by citizens (4.5a), and
-- communes at work on the month's last day (4.2c).
with thu_tuc as (
    select
        ky,
        ma_tthc,
        max(case when dung_du_lieu_dan_cu then 1 else 0 end) as dung_dan_cu
    from {{ ref('int_chi_so_766__ho_so_nhan') }}
    where ly_do_loai is null and cua_cong_dan and ma_tthc <> 'chua_anh_xa'
    group by ky, ma_tthc
),

chung_thuc as (
    select distinct
        ky,
        ma_don_vi
    from {{ ref('int_chi_so_766__ho_so_nhan') }}
    where ly_do_loai is null and chung_thuc_dien_tu
)

select
    {{ phan_chi_tiet('so_hoa', 'h.ky', "'chung'", 'ho_so', 'h.ma_ho_so', 'h.ma_don_vi', 'h.ma_tthc', {
        '4.1': vai_ho_so('h.ket_qua_dien_tu', ly_do_thieu('h.ket_qua_dien_tu', 'kết quả điện tử')),
        '4.2': vai_ho_so(
            'h.so_hoa_ho_so and h.ket_qua_dien_tu',
            "case when h.so_hoa_ho_so then " ~ ly_do_thieu('h.ket_qua_dien_tu', 'kết quả điện tử')
            ~ " else " ~ ly_do_thieu('h.so_hoa_ho_so', 'số hóa thành phần') ~ " end"
        ),
        '4.3': vai_ho_so('h.tai_su_dung', ly_do_thieu('h.tai_su_dung', 'tái sử dụng dữ liệu')),
        '4.4': vai_ho_so('h.dua_vao_kho_ca_nhan', ly_do_thieu('h.dua_vao_kho_ca_nhan', 'vào kho dữ liệu công dân')),
        '4.5b': vai_ho_so('h.dung_du_lieu_dan_cu', ly_do_thieu('h.dung_du_lieu_dan_cu', 'dùng dữ liệu dân cư')),
    }) }}
from {{ ref('int_chi_so_766__ho_so_nhan') }} as h
cross join {{ source('so_cai', 'tham_so') }} as p
union all
select
    {{ phan_chi_tiet('so_hoa', 't.ky', "'tinh'", 'tthc', 't.ma_tthc', 'c.ma_don_vi', 't.ma_tthc', {
        '4.5a': "case when t.dung_dan_cu = 1 then 'tu_so' else 'mau_so: không hồ sơ nào dùng dữ liệu dân cư' end",
    }) }}
from thu_tuc as t
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_chi_so_766__tthc_ky') }} as c on t.ky = c.ky and t.ma_tthc = c.ma_tthc
union all
select
    {{ phan_chi_tiet('so_hoa', 'd.ky', "'tinh'", 'don_vi', 'd.ma_don_vi', 'd.ma_don_vi', 'null', {
        '4.2c': "case when c.ma_don_vi is not null then 'tu_so' "
            ~ "else 'mau_so: không có hồ sơ chứng thực bản sao điện tử' end",
    }) }}
from {{ ref('int_chi_so_766__don_vi_ky') }} as d
cross join {{ source('so_cai', 'tham_so') }} as p
left join chung_thuc as c on d.ky = c.ky and d.ma_don_vi = c.ma_don_vi
where d.hoat_dong and d.cap = 'xa'
