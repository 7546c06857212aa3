-- R13, what no total states but figures cannot pass: a part against its whole (seed gioi_han_bao_cao) — a figure, or the
-- named units of a list added up; a share of all against what the share of a part of known weight leaves possible —, and the
-- days of the period in a report's title against those of the window its figures are of; a cumulative count printed again for a
-- later day, which is never the smaller (one with a first day is of a period, and no such count).
with phan as (
    select
        g.ma_quan_he,
        g.mo_ta,
        g.gioi_han,
        g.ty_trong,
        g.pham_vi,
        f.ma_bao_cao,
        f.ma_so_lieu,
        f.dia_ban,
        f.pham_vi_khoa,
        f.gia_tri,
        f.bac,
        {{ nua_don_vi('f') }} as dung_sai
    from {{ ref('gioi_han_bao_cao') }} as g
    inner join {{ ref('int_doi_soat__so_lieu') }} as f on g.chi_tieu = f.chi_tieu
    where g.cach_gop = 'mot'
    union all
    select
        g.ma_quan_he,
        g.mo_ta,
        g.gioi_han,
        g.ty_trong,
        g.pham_vi,
        f.ma_bao_cao,
        concat_ws(
            '', 'suy_ra:', f.chi_tieu, ':', f.dia_ban, '|', f.cap, ':', coalesce(cast(f.den_ngay as varchar), '')
        ) as ma_so_lieu,
        f.dia_ban,
        concat_ws('', f.dia_ban, '|', f.cap, '|') as pham_vi_khoa,
        sum(f.gia_tri) as gia_tri,
        1 as bac,
        sum({{ nua_don_vi('f') }}) as dung_sai
    from {{ ref('gioi_han_bao_cao') }} as g
    inner join {{ ref('int_doi_soat__so_lieu') }} as f on g.chi_tieu = f.chi_tieu
    where g.cach_gop = 'liet_ke' and f.don_vi <> '' and f.he_so is null
    group by
        g.ma_quan_he, g.mo_ta, g.gioi_han, g.ty_trong, g.pham_vi, f.ma_bao_cao, f.chi_tieu, f.dia_ban, f.cap, f.den_ngay
    having count(*) > 1 and count(*) = count(distinct f.don_vi)
),

-- the one value that the report prints of a metric in a scope
mot_so as (
    select
        f.ma_bao_cao,
        f.chi_tieu,
        f.dia_ban,
        f.cap,
        f.pham_vi_khoa,
        min(f.gia_tri) as gia_tri,
        max({{ nua_don_vi('f') }}) as dung_sai
    from {{ ref('int_doi_soat__so_lieu') }} as f
    group by f.ma_bao_cao, f.chi_tieu, f.dia_ban, f.cap, f.pham_vi_khoa
    having min(f.gia_tri) = max(f.gia_tri)
),

hai_cap as (
    select
        ma_bao_cao,
        chi_tieu,
        dia_ban,
        sum(gia_tri) as gia_tri,
        sum(dung_sai) as dung_sai
    from mot_so
    where cap in ('huyen', 'xa') and pham_vi_khoa = concat_ws('', dia_ban, '|', cap, '|')
    group by ma_bao_cao, chi_tieu, dia_ban
    having count(*) = 2
),

so as (
    select
        p.*,
        coalesce(t.gia_tri, h.gia_tri) as toan_phan,
        coalesce(t.dung_sai, h.dung_sai) as dung_sai_toan_phan,
        w.gia_tri as trong_so,
        w.dung_sai as dung_sai_trong_so
    from phan as p
    left join mot_so as t
        on
            p.pham_vi = 'cung'
            and p.ma_bao_cao = t.ma_bao_cao
            and p.gioi_han = t.chi_tieu
            and p.pham_vi_khoa = t.pham_vi_khoa
    left join hai_cap as h
        on p.pham_vi = 'huyen_xa' and p.ma_bao_cao = h.ma_bao_cao and p.gioi_han = h.chi_tieu and p.dia_ban = h.dia_ban
    left join mot_so as w
        on p.ma_bao_cao = w.ma_bao_cao and p.ty_trong = w.chi_tieu and p.pham_vi_khoa = w.pham_vi_khoa
),

ky_in as (
    select
        t.ma_bao_cao,
        t.ma_so_lieu,
        {{ so_ngay('t.tu_ngay', 't.den_ngay') }} + 1 as so_ngay_ten,
        min(case when d.chi_tieu = 'data_window_start' then d.gia_tri_ngay_tu end) as dau,
        max(case when d.chi_tieu = 'data_window_start' then d.gia_tri_ngay_tu end) as dau_den,
        min(case when d.chi_tieu = 'data_window_end' then d.gia_tri_ngay_den end) as cuoi,
        max(case when d.chi_tieu = 'data_window_end' then d.gia_tri_ngay_den end) as cuoi_den
    from {{ ref('int_doi_soat__so_in') }} as t
    inner join {{ ref('int_doi_soat__so_in') }} as d
        on
            t.ma_bao_cao = d.ma_bao_cao
            and t.pham_vi_khoa = d.pham_vi_khoa
            and d.chi_tieu in ('data_window_start', 'data_window_end')
    where t.chi_tieu = 'reporting_window_months' and t.tu_ngay is not null and t.den_ngay is not null
    group by t.ma_bao_cao, t.ma_so_lieu, t.tu_ngay, t.den_ngay
),

cong_don as (
    select
        f.*,
        dense_rank() over (
            partition by f.chi_tieu, f.pham_vi_khoa, f.don_vi_chuan order by f.den_ngay asc nulls last
        ) as hang
    from {{ ref('int_doi_soat__so_lieu') }} as f
    where f.tinh_chat = 'luy_ke' and f.tu_ngay is null and f.den_ngay is not null and f.he_so is null
)

select
    ma_bao_cao,
    ma_so_lieu,
    concat_ws('', 'gioi_han/', ma_quan_he) as ma_con,
    'tong' as loai,
    mo_ta,
    'khong_qua' as so_sanh,
    gia_tri,
    bac,
    cast(case
        when ty_trong is null then toan_phan
        else trong_so * toan_phan / 100 + 100 - trong_so
    end as decimal(20, 6)) as tu,
    cast(case
        when ty_trong is null then dung_sai + dung_sai_toan_phan
        else dung_sai + dung_sai_trong_so * (100 - toan_phan) / 100 + dung_sai_toan_phan * trong_so / 100
    end as decimal(12, 7)) as dung_sai
from so
where toan_phan is not null and (ty_trong is null or trong_so is not null)
union all
select
    ma_bao_cao,
    ma_so_lieu,
    'gioi_han/ky_so_lieu' as ma_con,
    'hai_nguon' as loai,
    'Số ngày của kỳ ghi ở tên báo cáo so với kỳ của số liệu trong cùng báo cáo' as mo_ta,
    'bang' as so_sanh,
    cast(so_ngay_ten as decimal(20, 6)) as gia_tri,
    1 as bac,
    cast({{ so_ngay('dau', 'cuoi') }} + 1 as decimal(20, 6)) as tu,
    0 as dung_sai
from ky_in
where dau = dau_den and cuoi = cuoi_den
union all
select
    a.ma_bao_cao,
    a.ma_so_lieu,
    concat_ws('', 'gioi_han/luy_ke/', b.ma_bao_cao, '/', b.ma_so_lieu) as ma_con,
    'trung_lap' as loai,
    concat_ws(
        '', 'Số lũy kế in trước không lớn hơn số in sau (đến ', cast(b.den_ngay as varchar), ' ở ', b.ma_bao_cao, '): ',
        a.ten_chi_tieu
    ) as mo_ta,
    'khong_qua' as so_sanh,
    a.gia_tri,
    a.bac,
    b.gia_tri as tu,
    cast({{ nua_don_vi('a') }} + {{ nua_don_vi('b') }} as decimal(12, 7)) as dung_sai
from cong_don as a
inner join cong_don as b
    on
        a.chi_tieu = b.chi_tieu
        and a.pham_vi_khoa = b.pham_vi_khoa
        and a.don_vi_chuan = b.don_vi_chuan
        and a.hang + 1 = b.hang
