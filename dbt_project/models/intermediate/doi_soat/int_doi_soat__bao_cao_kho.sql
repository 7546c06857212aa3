-- R13 (a): each printed figure of a metric that the warehouse counts, against its own count by R5 for the same window and
-- scope. Only where the warehouse holds the dossiers of the whole window: a file of them for each of its months, and no day
-- after the as-of day; elsewhere the missing term is the warehouse's.
with so_in as (
    select
        f.*,
        coalesce(f.tu_ngay, case when f.tinh_chat = 'thoi_diem' then f.den_ngay end) as tu,
        {{ cung_tinh('f.dia_ban') }} as cung_tinh,
        coalesce((f.cap <> '' and f.don_vi = '') or exists (
            select 1
            from {{ ref('stg_dvc__co_quan') }} as c
            where lower(c.ma_don_vi) = f.don_vi
        ), false) as biet_pham_vi
    from {{ ref('int_doi_soat__so_lieu') }} as f
    where f.nguon_mart = 'tthc.bieu_giai_quyet'
),

thang_co_tep as (
    select
        k.tu,
        k.den_ngay,
        count(*) as so_thang
    from (
        select distinct
            tu,
            den_ngay
        from so_in
    ) as k
    inner join {{ ref('int_nguon__ky') }} as n
        on n.nguon_du_lieu = 'dvc/ho_so' and {{ ky_thang('k.tu') }} <= n.ky and {{ ky_thang('k.den_ngay') }} >= n.ky
    group by k.tu, k.den_ngay
),

xet as (
    select
        s.*,
        case
            when s.tu is null or s.den_ngay is null then 'kỳ số liệu (từ ngày, đến ngày)'
            when s.den_ngay > p.ngay_so_lieu or coalesce(t.so_thang, 0) < {{ so_thang('s.tu', 's.den_ngay') }}
                then 'số của kho: không có đủ hồ sơ của kỳ này'
            when not s.cung_tinh then 'số của kho: địa phương khác'
            when not s.biet_pham_vi then 'số của kho: phạm vi không có trong danh sách đơn vị'
        end as thieu
    from so_in as s
    cross join {{ source('so_cai', 'tham_so') }} as p
    left join thang_co_tep as t on s.tu = t.tu and s.den_ngay = t.den_ngay
),

cua_so as (
    select distinct
        tu,
        den_ngay as den,
        cap,
        don_vi
    from xet
    where thieu is null
),

dem as (
    select
        w.tu,
        w.den,
        w.cap,
        w.don_vi,
        {{ dem_giai_quyet('w.tu', 'w.den') }}
    from cua_so as w
    inner join {{ ref('int_tthc__ho_so_ket_qua') }} as h
        on
            ({{ thuoc_ky('w.tu', 'w.den') }})
            and (w.don_vi <> '' or w.cap = 'toan_tinh' or w.cap = h.cap)
            and (w.don_vi = '' or w.don_vi = lower(h.ma_don_vi))
    group by w.tu, w.den, w.cap, w.don_vi
),

tri as (
    select
        x.ma_bao_cao,
        x.ma_so_lieu,
        x.ten_chi_tieu,
        x.gia_tri,
        x.bac,
        x.thieu,
        x.chi_tieu in ('ty_le_truc_tuyen', 'ty_le_dung_va_truoc_han') as la_ty_le,
        coalesce(x.he_so, 100) as he_so,
        x.cong_duoc,
        {{ so_dem_cua_chi_tieu('x.chi_tieu', 'd') }} as dem_duoc,
        case x.chi_tieu
            when 'ty_le_truc_tuyen' then d.tiep_nhan - d.ky_truoc
            when 'ty_le_dung_va_truoc_han' then d.da_giai_quyet - d.khong_han
        end as mau_dem_duoc
    from xet as x
    left join dem as d on x.tu = d.tu and x.den_ngay = d.den and x.cap = d.cap and x.don_vi = d.don_vi
)

select
    ma_bao_cao,
    ma_so_lieu,
    'kho' as ma_con,
    concat_ws('', 'So với số của kho cùng chỉ tiêu, kỳ và phạm vi: ', ten_chi_tieu) as mo_ta,
    gia_tri,
    bac,
    case when la_ty_le then he_so else 1 end as he_so,
    case when thieu is null then cast(coalesce(dem_duoc, 0) as decimal(20, 6)) end as tu,
    cast(case when la_ty_le then coalesce(mau_dem_duoc, 0) else 1 end as decimal(20, 6)) as mau,
    case when la_ty_le then {{ nua_chu_so('bac') }} else 0 end as dung_sai,
    case
        when thieu is not null then thieu
        when la_ty_le and coalesce(mau_dem_duoc, 0) = 0 then 'số của kho: không có hồ sơ nào trong mẫu số'
    end as thieu
from tri
