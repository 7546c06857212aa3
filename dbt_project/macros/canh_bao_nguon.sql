{#- Alerts on feeds: one past its promised rhythm by working days; or one without rows on working days where the last so many
    (`toi_thieu`) before all had some. A week end or a holiday is no delay. Reads the CTE `nguong` (limits) of the list it stands in. -#}
{% macro canh_bao_nguon() -%}
with nhip as (
    select
        r.nguon_du_lieu,
        r.so_ngay as nhip,
        p.ngay_so_lieu,
        {{ cong_ngay('max(least(cast(f.thoi_diem as date), p.ngay_so_lieu))', 'r.so_ngay') }} as hen
    from {{ source('so_cai', 'nhip_nguon') }} as r
    cross join {{ source('so_cai', 'tham_so') }} as p
    inner join {{ source('so_cai', 'tep') }} as f
        on r.nguon_du_lieu = f.nguon_du_lieu and f.trang_thai = 'da_nap'
    group by r.nguon_du_lieu, r.so_ngay, p.ngay_so_lieu
),

tre_nhip as (
    select
        r.nguon_du_lieu,
        r.nhip,
        b.so_thu_tu - h.so_thu_tu as so_ngay,
        h.so_thu_tu as hen_thu_tu
    from nhip as r
    inner join nguong as n on n.loai = 'nguon_im_lang'
    inner join {{ ref('int_tthc__lich_lam_viec') }} as h on r.hen = h.ngay
    inner join {{ ref('int_tthc__lich_lam_viec') }} as b on r.ngay_so_lieu = b.ngay
    where b.so_thu_tu - h.so_thu_tu >= n.nguong
),

ngay_co as (
    select distinct
        f.nguon_du_lieu,
        l.so_thu_tu
    from {{ source('so_cai', 'ngay_su_kien') }} as s
    cross join {{ source('so_cai', 'tham_so') }} as p
    inner join {{ source('so_cai', 'tep') }} as f on s.ma_tep = f.ma_tep and f.trang_thai = 'da_nap'
    inner join {{ ref('int_tthc__lich_lam_viec') }} as l on s.ngay = l.ngay
    where l.la_ngay_lam_viec and s.ngay <= p.ngay_so_lieu
),

lang as (
    select
        c.nguon_du_lieu,
        max(c.so_thu_tu) as cuoi_thu_tu,
        count(*) as so_ngay_co
    from ngay_co as c
    inner join nguong as n on n.loai = 'nguon_im_lang'
    inner join (
        select
            nguon_du_lieu,
            max(so_thu_tu) as cuoi
        from ngay_co
        group by nguon_du_lieu
    ) as m on c.nguon_du_lieu = m.nguon_du_lieu
    where c.so_thu_tu > m.cuoi - n.toi_thieu
    group by c.nguon_du_lieu
)

select
    'nguon_im_lang' as loai,
    r.nguon_du_lieu as doi_tuong,
    cast(null as varchar) as ma_don_vi,
    concat_ws(
        '',
        'Nguồn ', r.nguon_du_lieu, ' trễ ', cast(r.so_ngay as varchar),
        ' ngày làm việc so với nhịp gửi ', cast(r.nhip as varchar), ' ngày đã cam kết.'
    ) as mo_ta,
    r.so_ngay,
    cast(null as double) as gia_tri,
    cast(null as double) as nguong_rieng,
    c.ngay as mo_tu_ngay,
    1 as so_viec
from tre_nhip as r
inner join nguong as n on n.loai = 'nguon_im_lang'
inner join {{ ref('int_tthc__lich_lam_viec') }} as c
    on c.la_ngay_lam_viec and c.so_thu_tu = r.hen_thu_tu + cast(n.nguong as integer)
union all
select
    'nguon_im_lang' as loai,
    g.nguon_du_lieu as doi_tuong,
    cast(null as varchar) as ma_don_vi,
    concat_ws(
        '',
        'Nguồn ', g.nguon_du_lieu, ' không có dòng nào trong ', cast(a.so_thu_tu - g.cuoi_thu_tu as varchar),
        ' ngày làm việc gần nhất; ', cast(n.toi_thieu as varchar), ' ngày làm việc trước đó ngày nào cũng có.'
    ) as mo_ta,
    a.so_thu_tu - g.cuoi_thu_tu as so_ngay,
    cast(null as double) as gia_tri,
    cast(null as double) as nguong_rieng,
    c.ngay as mo_tu_ngay,
    1 as so_viec
from lang as g
cross join {{ source('so_cai', 'tham_so') }} as p
inner join nguong as n on n.loai = 'nguon_im_lang'
inner join {{ ref('int_tthc__lich_lam_viec') }} as a on p.ngay_so_lieu = a.ngay
inner join {{ ref('int_tthc__lich_lam_viec') }} as c
    on c.la_ngay_lam_viec and c.so_thu_tu = g.cuoi_thu_tu + cast(n.nguong as integer)
left join tre_nhip as r on g.nguon_du_lieu = r.nguon_du_lieu
where g.so_ngay_co = n.toi_thieu and a.so_thu_tu - g.cuoi_thu_tu >= n.nguong and r.nguon_du_lieu is null
{%- endmacro %}
