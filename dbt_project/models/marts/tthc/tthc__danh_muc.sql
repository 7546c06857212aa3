-- Procedure versions of the province, set against the national portal's catalogue, and the codes only that has.
-- Publication is late by the working days past the fifth working day before the legal document takes effect (1.1).
with qg as (
    select
        {{ ma_tthc_qg_du(ma_tthc_goc('ma_tthc_qg')) }} as ma_tthc_qg,
        ten_tthc,
        cap,
        muc_do_dvc,
        thanh_toan_truc_tuyen
    from {{ ref('stg_dvcqg__tthc') }}
),

so_qg as (
    select count(*) as so_ma
    from qg
)

select
    v.ma_tthc,
    v.ma_tthc_qg,
    v.ten_tthc,
    {{ khong_dau('v.ten_tthc') }} as ten_khong_dau,
    v.linh_vuc,
    {{ khong_dau('v.linh_vuc') }} as linh_vuc_khong_dau,
    v.cap,
    v.co_quan,
    n.ma_don_vi,
    v.nguon,
    {{ nhan_danh_muc('nguon_tthc', 'v.nguon') }} as nguon_ten,
    cast(v.thoi_han as integer) as thoi_han,
    v.don_vi_thoi_han,
    {{ nhan_danh_muc('don_vi_thoi_han', 'v.don_vi_thoi_han') }} as don_vi_thoi_han_ten,
    v.mot_cua,
    v.muc_do_dvc,
    {{ nhan_danh_muc('muc_do_dvc', 'v.muc_do_dvc') }} as muc_do_dvc_ten,
    v.co_phi,
    v.thanh_toan_truc_tuyen,
    v.thiet_yeu,
    cast(
        case
            when c.so_thu_tu_ke > e.so_thu_tu_ke - 5 then c.so_thu_tu_ke - e.so_thu_tu_ke + 5
            when c.so_thu_tu_ke is not null and e.so_thu_tu_ke is not null then 0
        end as integer
    ) as so_ngay_cham_cong_bo,
    v.hieu_luc_tu,
    v.hieu_luc_den,
    case
        when v.ma_tthc_qg is null then 'chua_anh_xa'
        when s.so_ma = 0 or q.ma_tthc_qg is not null then 'khop'
        else 'chua_anh_xa'
    end as anh_xa,
    v.so_quyet_dinh,
    v.ngay_hieu_luc_vb,
    v.ngay_bo_cong_bo,
    v.ngay_tinh_cong_bo,
    v.ngay_cong_khai,
    v.du_bo_phan,
    v.chi_truc_tuyen,
    v.nam_buoc,
    v.khong_giay,
    v.noi_bo,
    v.lien_thong,
    {{ moi_nhat('v.ma_tthc', 'p.ngay_so_lieu') }} as moi_nhat,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('int_tthc__phien_ban') }} as v
cross join so_qg as s
cross join {{ source('so_cai', 'tham_so') }} as p
left join (select distinct ma_tthc_qg from qg) as q on v.ma_tthc_qg = q.ma_tthc_qg
left join {{ ref('int_tthc__lich_lam_viec') }} as c on v.ngay_tinh_cong_bo = c.ngay
left join {{ ref('int_tthc__lich_lam_viec') }} as e on v.ngay_hieu_luc_vb = e.ngay
left join {{ ref('int_tthc__ten_don_vi') }} as n on n.cap = '' and {{ ten_don_vi_chuan('v.co_quan') }} = n.ten_chuan
union all
select
    cast(null as varchar) as ma_tthc,
    q.ma_tthc_qg,
    q.ten_tthc,
    {{ khong_dau('q.ten_tthc') }} as ten_khong_dau,
    cast(null as varchar) as linh_vuc,
    cast(null as varchar) as linh_vuc_khong_dau,
    q.cap,
    cast(null as varchar) as co_quan,
    cast(null as varchar) as ma_don_vi,
    cast(null as varchar) as nguon,
    cast(null as varchar) as nguon_ten,
    cast(null as integer) as thoi_han,
    cast(null as varchar) as don_vi_thoi_han,
    cast(null as varchar) as don_vi_thoi_han_ten,
    cast(null as boolean) as mot_cua,
    q.muc_do_dvc,
    {{ nhan_danh_muc('muc_do_dvc', 'q.muc_do_dvc') }} as muc_do_dvc_ten,
    cast(null as boolean) as co_phi,
    q.thanh_toan_truc_tuyen,
    cast(null as boolean) as thiet_yeu,
    cast(null as integer) as so_ngay_cham_cong_bo,
    cast(null as date) as hieu_luc_tu,
    cast(null as date) as hieu_luc_den,
    'chi_co_tren_cong_qg' as anh_xa,
    cast(null as varchar) as so_quyet_dinh,
    cast(null as date) as ngay_hieu_luc_vb,
    cast(null as date) as ngay_bo_cong_bo,
    cast(null as date) as ngay_tinh_cong_bo,
    cast(null as date) as ngay_cong_khai,
    cast(null as boolean) as du_bo_phan,
    cast(null as boolean) as chi_truc_tuyen,
    cast(null as boolean) as nam_buoc,
    cast(null as boolean) as khong_giay,
    cast(null as boolean) as noi_bo,
    cast(null as varchar) as lien_thong,
    true as moi_nhat,
    p.ngay_so_lieu,
    p.phien_ban
from qg as q
cross join {{ source('so_cai', 'tham_so') }} as p
left join (select distinct ma_tthc_qg from {{ ref('int_tthc__phien_ban') }}) as v on q.ma_tthc_qg = v.ma_tthc_qg
where v.ma_tthc_qg is null
