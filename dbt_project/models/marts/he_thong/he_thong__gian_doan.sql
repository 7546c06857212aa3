-- Outages by month and system. Outages that overlap count their minutes once; one over several months is cut at their ends and
-- counted (`so_lan`) where it begins; one still open lasts until the end of the as-of day. Dossiers are those of the fields
-- of work that depend on the system: none are counted where no outage of the month names a field, nor where dvc/ho_so has no file
-- for the month.
-- gaps and islands: an outage that begins after all before it have ended begins a new stretch
with noi as (
    select
        t.*,
        max(t.gian_doan_den) over (
            partition by t.ky, t.ma_he_thong
            order by t.gian_doan_tu asc nulls last, t.gian_doan_den asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as den_truoc
    from {{ ref('int_he_thong__gian_doan_thang') }} as t
),

nhom as (
    select
        n.*,
        sum(case when n.den_truoc >= n.gian_doan_tu then 0 else 1 end) over (
            partition by n.ky, n.ma_he_thong
            order by n.gian_doan_tu asc nulls last, n.gian_doan_den asc nulls last
            rows between unbounded preceding and current row
        ) as so_nhom
    from noi as n
),

dai as (
    select
        ky,
        ma_he_thong,
        so_nhom,
        min(gian_doan_tu) as gian_doan_tu,
        max(gian_doan_den) as gian_doan_den
    from nhom
    group by ky, ma_he_thong, so_nhom
),

phut as (
    select
        d.ky,
        d.ma_he_thong,
        sum({{ giay_giua('d.gian_doan_tu', 'd.gian_doan_den') }}) as so_giay,
        sum({{ giay_lam_viec('d.gian_doan_den', 'b') }} - {{ giay_lam_viec('d.gian_doan_tu', 'a') }}) as so_giay_lam_viec
    from dai as d
    left join {{ ref('int_tthc__lich_lam_viec') }} as a on cast(d.gian_doan_tu as date) = a.ngay
    left join {{ ref('int_tthc__lich_lam_viec') }} as b on cast(d.gian_doan_den as date) = b.ngay
    group by d.ky, d.ma_he_thong
),

lan as (
    select
        ky,
        ma_he_thong,
        sum(la_dau) as so_lan,
        max(case when linh_vuc_phu_thuoc is not null then 1 else 0 end) as co_linh_vuc
    from {{ ref('int_he_thong__gian_doan_thang') }}
    group by ky, ma_he_thong
),

ho_so as (
    select
        ky,
        ma_he_thong,
        count(*) as dang_xu_ly,
        sum(la_den_han) as den_han
    from {{ ref('int_he_thong__ho_so_gian_doan') }}
    group by ky, ma_he_thong
)

select
    l.ky,
    l.ma_he_thong,
    cast(l.so_lan as bigint) as so_lan,
    cast(floor(f.so_giay / 60) as bigint) as so_phut,
    cast(floor(f.so_giay_lam_viec / 60) as bigint) as so_phut_gio_lam_viec,
    cast(case when l.co_linh_vuc = 1 and n.ky is not null then coalesce(h.dang_xu_ly, 0) end as bigint) as so_ho_so_dang_xu_ly,
    cast(case when l.co_linh_vuc = 1 and n.ky is not null then coalesce(h.den_han, 0) end as bigint) as so_ho_so_den_han,
    {{ tron_ky("l.ky", "p.ngay_so_lieu") }} as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from lan as l
cross join {{ source('so_cai', 'tham_so') }} as p
inner join phut as f on l.ky = f.ky and l.ma_he_thong = f.ma_he_thong
left join ho_so as h on l.ky = h.ky and l.ma_he_thong = h.ma_he_thong
left join {{ ref('int_nguon__ky') }} as n on n.nguon_du_lieu = 'dvc/ho_so' and l.ky = n.ky
