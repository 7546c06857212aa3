-- Outages by month and system. Outages that overlap count their minutes once; one over several months is cut at their ends and
-- counted (`so_lan`) where it begins; one still open lasts until the end of the as-of day. Dossiers are those of the fields
-- of work that depend on the system: none are counted where no outage of the month names a field.
with doan as (
    select
        g.ma_he_thong,
        g.bat_dau,
        coalesce(g.ket_thuc, cast(p.ngay_so_lieu as timestamp) + interval '1' day) as ket_thuc,
        {{ cac_phan('g.linh_vuc') }} as linh_vuc
    from {{ ref('stg_he_thong__gian_doan') }} as g
    cross join {{ source('so_cai', 'tham_so') }} as p
    where
        g.bat_dau <= {{ cuoi_ngay('p.ngay_so_lieu') }}
        and (g.ket_thuc is null or g.ket_thuc >= g.bat_dau)
),

thang as (
    select
        {{ ky_thang('l.ngay') }} as ky,
        d.ma_he_thong,
        d.linh_vuc,
        case when cast(d.bat_dau as date) >= l.ngay then 1 else 0 end as la_dau,
        greatest(d.bat_dau, cast(l.ngay as timestamp)) as tu_luc,
        least(d.ket_thuc, cast(l.ngay as timestamp) + interval '1' month) as den_luc
    from doan as d
    inner join {{ ref('lich') }} as l
        on
            extract(day from l.ngay) = 1
            and d.bat_dau < cast(l.ngay as timestamp) + interval '1' month
            and (d.ket_thuc > cast(l.ngay as timestamp) or d.bat_dau >= cast(l.ngay as timestamp))
),

-- gaps and islands: an outage that begins after all before it have ended begins a new stretch
noi as (
    select
        t.*,
        max(t.den_luc) over (
            partition by t.ky, t.ma_he_thong
            order by t.tu_luc asc nulls last, t.den_luc asc nulls last
            rows between unbounded preceding and 1 preceding
        ) as den_truoc
    from thang as t
),

nhom as (
    select
        n.*,
        sum(case when n.den_truoc >= n.tu_luc then 0 else 1 end) over (
            partition by n.ky, n.ma_he_thong
            order by n.tu_luc asc nulls last, n.den_luc asc nulls last
            rows between unbounded preceding and current row
        ) as so_nhom
    from noi as n
),

dai as (
    select
        ky,
        ma_he_thong,
        so_nhom,
        min(tu_luc) as tu_luc,
        max(den_luc) as den_luc
    from nhom
    group by ky, ma_he_thong, so_nhom
),

phut as (
    select
        d.ky,
        d.ma_he_thong,
        sum({{ giay_giua('d.tu_luc', 'd.den_luc') }}) as so_giay,
        sum({{ giay_lam_viec('d.den_luc', 'b') }} - {{ giay_lam_viec('d.tu_luc', 'a') }}) as so_giay_lam_viec
    from dai as d
    left join {{ ref('int_tthc__lich_lam_viec') }} as a on cast(d.tu_luc as date) = a.ngay
    left join {{ ref('int_tthc__lich_lam_viec') }} as b on cast(d.den_luc as date) = b.ngay
    group by d.ky, d.ma_he_thong
),

lan as (
    select
        ky,
        ma_he_thong,
        sum(la_dau) as so_lan,
        max(case when linh_vuc is not null then 1 else 0 end) as co_linh_vuc
    from thang
    group by ky, ma_he_thong
),

linh_vuc as (
    select
        t.linh_vuc,
        {{ dang_chuan('t.linh_vuc') }} as chuan
    from (
        select distinct linh_vuc
        from {{ ref('int_tthc__ho_so_goc') }}
        where linh_vuc is not null
    ) as t
),

phu_thuoc as (
    select
        t.ky,
        t.ma_he_thong,
        t.tu_luc,
        t.den_luc,
        v.linh_vuc
    from thang as t
    cross join linh_vuc as v
    where t.linh_vuc like concat('%|', v.chuan, '|%')
),

ho_so as (
    select
        t.ky,
        t.ma_he_thong,
        count(distinct h.ma_ho_so) as dang_xu_ly,
        count(distinct case
            when
                cast(h.ngay_hen_tra as date) >= cast(t.tu_luc as date)
                and cast(h.ngay_hen_tra as date) <= cast(t.den_luc as date)
                then h.ma_ho_so
        end) as den_han
    from phu_thuoc as t
    inner join {{ ref('int_tthc__ho_so_goc') }} as h
        on
            t.linh_vuc = h.linh_vuc
            and t.den_luc >= h.ngay_tiep_nhan
            and (h.ket_thuc_luc is null or t.tu_luc < h.ket_thuc_luc)
    where
        h.phan_loai in ('tra_lai', 'da_giai_quyet', 'dang_xu_ly')
        and (h.phan_loai = 'dang_xu_ly' or h.ket_thuc_luc is not null)
    group by t.ky, t.ma_he_thong
)

select
    l.ky,
    l.ma_he_thong,
    cast(l.so_lan as bigint) as so_lan,
    cast(floor(f.so_giay / 60) as bigint) as so_phut,
    cast(floor(f.so_giay_lam_viec / 60) as bigint) as so_phut_gio_lam_viec,
    cast(case when l.co_linh_vuc = 1 then coalesce(h.dang_xu_ly, 0) end as bigint) as so_ho_so_dang_xu_ly,
    cast(case when l.co_linh_vuc = 1 then coalesce(h.den_han, 0) end as bigint) as so_ho_so_den_han,
    {{ tron_ky("l.ky", "p.ngay_so_lieu") }} as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from lan as l
cross join {{ source('so_cai', 'tham_so') }} as p
inner join phut as f on l.ky = f.ky and l.ma_he_thong = f.ma_he_thong
left join ho_so as h on l.ky = h.ky and l.ma_he_thong = h.ma_he_thong
