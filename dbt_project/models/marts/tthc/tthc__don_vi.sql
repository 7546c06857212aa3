-- R6: agencies through time set against the reference of administrative units, and the codes met in dossiers that the
-- list of agencies lacks. The province's own list prevails for every figure: what differs is listed here, not corrected.
with dem as (
    select
        h.ma_don_vi,
        t.hieu_luc_tu,
        max(h.ten_don_vi) as ten_don_vi,
        count(*) as so_ho_so,
        count(*) filter (where not h.don_vi_trong_hieu_luc) as ngoai_hieu_luc
    from {{ ref('int_tthc__ho_so_don_vi') }} as h
    left join {{ ref('int_tthc__don_vi_thoi_ky') }} as t
        on
            h.ma_don_vi = t.ma_don_vi
            and cast(h.ngay_tiep_nhan as date) >= t.ap_dung_tu
            and cast(h.ngay_tiep_nhan as date) <= t.ap_dung_den
    group by h.ma_don_vi, t.hieu_luc_tu
),

-- agencies of the list with names like that of an unknown code (similarity in whole hundredths, so the order is exact)
giong as (
    select
        l.ma_don_vi,
        v.ma_don_vi as ma_goi_y,
        v.ten_don_vi as ten_goi_y,
        v.hieu_luc_tu,
        cast(floor({{ do_giong(
            thay_mau(dang_chuan('l.ten_don_vi'), '^(ubnd|uy ban nhan dan) ', ''),
            thay_mau(dang_chuan('v.ten_don_vi'), '^(ubnd|uy ban nhan dan) ', '')
        ) }} * 100) as integer) as do_giong
    from dem as l
    cross join {{ ref('int_tthc__don_vi_dvhc') }} as v
    where l.hieu_luc_tu is null and l.ten_don_vi is not null
),

giong_nhat as (
    select
        ma_don_vi,
        concat_ws('', ma_goi_y, ' – ', ten_goi_y) as goi_y,
        row_number() over (
            partition by ma_don_vi
            order by do_giong desc nulls last, ma_goi_y asc nulls last, hieu_luc_tu asc nulls last
        ) as hang
    from giong
    where do_giong >= 80
)

select
    v.ma_don_vi,
    v.ten_don_vi,
    {{ khong_dau('v.ten_don_vi') }} as ten_khong_dau,
    v.cap,
    v.ma_don_vi_cha,
    v.hieu_luc_tu,
    v.hieu_luc_den,
    n.ma_don_vi_hien_nay,
    v.ma_dvhc,
    v.ten_dvhc,
    v.nganh_doc,
    cast(coalesce(d.so_ho_so, 0) as bigint) as so_ho_so,
    cast(coalesce(d.ngoai_hieu_luc, 0) as bigint) as so_ho_so_ngoai_hieu_luc,
    case
        when v.hieu_luc_den < p.ngay_so_lieu and n.ma_don_vi_hien_nay is null then 'thieu_ke_thua'
        when v.ma_dvhc is null then 'chua_ghi_ma_dvhc'
        when v.ten_dvhc is null then 'ma_dvhc_khong_hieu_luc'
        when
            k.so_dvhc_moi = 1
            and s.ten_dvhc is not null
            and s.cap_dvhc = 'xa'
            and s.ma_dvhc <> k.ma_dvhc_moi
            then 'ke_thua_khac_danh_muc'
        else 'khop'
    end as doi_chieu,
    case
        when v.hieu_luc_den < p.ngay_so_lieu or v.ten_dvhc is null then k.goi_y
    end as goi_y,
    {{ moi_nhat('v.ma_don_vi', 'p.ngay_so_lieu') }} as moi_nhat,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('int_tthc__don_vi_dvhc') }} as v
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__don_vi_hien_nay') }} as n on v.ma_don_vi = n.ma_don_vi
left join {{ ref('int_tthc__don_vi_ke_thua_goi_y') }} as k on v.ma_don_vi = k.ma_don_vi and v.hieu_luc_tu = k.hieu_luc_tu
left join dem as d on v.ma_don_vi = d.ma_don_vi and v.hieu_luc_tu = d.hieu_luc_tu
left join {{ ref('int_tthc__don_vi_dvhc') }} as s on v.thay_the_boi = s.ma_don_vi and s.hieu_luc_tu = {{ cong_ngay('v.hieu_luc_den', 1) }}
union all
select
    d.ma_don_vi,
    d.ten_don_vi,
    {{ khong_dau('d.ten_don_vi') }} as ten_khong_dau,
    cast(null as varchar) as cap,
    cast(null as varchar) as ma_don_vi_cha,
    cast(null as date) as hieu_luc_tu,
    cast(null as date) as hieu_luc_den,
    cast(null as varchar) as ma_don_vi_hien_nay,
    cast(null as varchar) as ma_dvhc,
    cast(null as varchar) as ten_dvhc,
    cast(null as boolean) as nganh_doc,
    cast(d.so_ho_so as bigint) as so_ho_so,
    cast(d.ngoai_hieu_luc as bigint) as so_ho_so_ngoai_hieu_luc,
    'chua_biet' as doi_chieu,
    g.goi_y,
    true as moi_nhat,
    p.ngay_so_lieu,
    p.phien_ban
from dem as d
cross join {{ source('so_cai', 'tham_so') }} as p
left join giong_nhat as g on d.ma_don_vi = g.ma_don_vi and g.hang = 1
where d.hieu_luc_tu is null
