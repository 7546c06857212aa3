-- Digitisation week by week: how the books of a unit and register stood at the end of each week, from the week of their first state
-- to that of the as-of day, and what was added in it. A week without a new state stands as the one before, with nothing added.
with doi as (
    select
        d.ma_don_vi,
        d.loai_so,
        d.tuan_tu,
        count(*) filter (where d.la_trang_thai_dau) as so_quyen,
        sum(d.them_truong_hop) as so_truong_hop,
        sum(d.them_nhap) as da_nhap,
        sum(d.them_doi_soat) as da_doi_soat,
        sum(d.them_phe_duyet) as da_phe_duyet,
        sum(case when d.la_trang_thai_dau then 0 else d.them_nhap end) as nhap_trong_tuan,
        sum(case when d.la_trang_thai_dau then 0 else d.them_phe_duyet end) as duyet_trong_tuan
    from {{ ref('int_ho_tich__so_hoa_doi') }} as d
    group by d.ma_don_vi, d.loai_so, d.tuan_tu
),

tuan as (
    select distinct {{ dau_tuan('l.ngay') }} as tuan_tu
    from {{ ref('lich') }} as l
    cross join {{ source('so_cai', 'tham_so') }} as p
    where l.ngay <= p.ngay_so_lieu
),

khung as (
    select
        s.ma_don_vi,
        s.loai_so,
        s.tuan_dau,
        t.tuan_tu
    from (
        select
            ma_don_vi,
            loai_so,
            min(tuan_tu) as tuan_dau
        from doi
        group by ma_don_vi, loai_so
    ) as s
    inner join tuan as t on s.tuan_dau <= t.tuan_tu
),

cong_don as (
    select
        k.ma_don_vi,
        k.loai_so,
        k.tuan_dau,
        k.tuan_tu,
        {% for c in ['so_quyen', 'so_truong_hop', 'da_nhap', 'da_doi_soat', 'da_phe_duyet'] %}sum(coalesce(d.{{ c }}, 0)) over den_tuan as {{ c }}, {% endfor %}
        coalesce(d.nhap_trong_tuan, 0) as nhap_trong_tuan,
        coalesce(d.duyet_trong_tuan, 0) as duyet_trong_tuan
    from khung as k
    left join doi as d on k.ma_don_vi = d.ma_don_vi and k.loai_so = d.loai_so and k.tuan_tu = d.tuan_tu
    window den_tuan as (
        partition by k.ma_don_vi, k.loai_so
        order by k.tuan_tu asc nulls last
        rows between unbounded preceding and current row
    )
)

select
    c.tuan_tu,
    {{ cong_ngay('c.tuan_tu', 6) }} <= p.ngay_so_lieu as tron_tuan,
    cast(c.ma_don_vi as varchar) as ma_don_vi,
    cast(c.loai_so as varchar) as loai_so,
    {{ nhan_danh_muc('loai_so', 'c.loai_so') }} as loai_so_ten,
    cast(c.so_quyen as bigint) as so_quyen,
    cast(c.so_truong_hop as bigint) as so_truong_hop,
    cast(c.da_nhap as bigint) as da_nhap,
    cast(c.da_doi_soat as bigint) as da_doi_soat,
    cast(c.da_phe_duyet as bigint) as da_phe_duyet,
    cast({{ ty_le('c.da_phe_duyet', 'c.so_truong_hop') }} as double) as ty_le,
    cast(case when c.tuan_tu > c.tuan_dau then c.nhap_trong_tuan end as bigint) as nhap_trong_tuan,
    cast(case when c.tuan_tu > c.tuan_dau then c.duyet_trong_tuan end as bigint) as duyet_trong_tuan,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from cong_don as c
cross join {{ source('so_cai', 'tham_so') }} as p
