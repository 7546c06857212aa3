-- Electronic notices by facility, month and kind. A facility that sent nothing in a month in which others did has a row without
-- counts; `im_lang_thang` says for how many months on end, up to that one, nothing of it reached the interlinked software.
with goc as (
    select
        s.ma_co_so,
        s.ky,
        s.loai,
        {{ da_che('s.ten_co_so') }} as ten_co_so,
        s.so_phat_hanh,
        s.so_gui
    from {{ ref('stg_ho_tich__co_so_y_te') }} as s
    cross join {{ source('so_cai', 'tham_so') }} as p
    where length(s.ky) = 7 and s.ky not like '%Q%' and s.ky <= {{ ky_thang('p.ngay_so_lieu') }}
),

co_so as (
    select
        ma_co_so,
        loai,
        min(ky) as ky_dau
    from goc
    group by ma_co_so, loai
),

ky as (
    select distinct
        loai,
        ky
    from goc
),

ten as (
    select
        ma_co_so,
        ten_co_so
    from (
        select
            ma_co_so,
            ten_co_so,
            row_number() over (partition by ma_co_so order by ky desc nulls last, ten_co_so asc nulls last) as hang
        from goc
    ) as x
    where hang = 1
),

day_du as (
    select
        c.ma_co_so,
        k.ky,
        c.loai,
        g.so_phat_hanh,
        g.so_gui,
        sum(case when g.so_gui > 0 then 1 else 0 end) over (
            partition by c.ma_co_so, c.loai
            order by k.ky asc nulls last
            rows between unbounded preceding and current row
        ) as lan_gui
    from co_so as c
    inner join ky as k on c.loai = k.loai and c.ky_dau <= k.ky
    left join goc as g on c.ma_co_so = g.ma_co_so and c.loai = g.loai and k.ky = g.ky
)

select
    d.ma_co_so,
    t.ten_co_so,
    d.ky,
    d.loai,
    {{ nhan_danh_muc('loai_giay_y_te', 'd.loai') }} as loai_ten,
    cast(d.so_phat_hanh as bigint) as so_phat_hanh,
    cast(d.so_gui as bigint) as so_gui,
    {{ ty_le('d.so_gui', 'd.so_phat_hanh') }} as ty_le,
    cast(sum(case when d.so_gui > 0 then 0 else 1 end) over (
        partition by d.ma_co_so, d.loai, d.lan_gui
        order by d.ky asc nulls last
        rows between unbounded preceding and current row
    ) as bigint) as im_lang_thang,
    {{ tron_ky("d.ky", "p.ngay_so_lieu") }} as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from day_du as d
cross join {{ source('so_cai', 'tham_so') }} as p
inner join ten as t on d.ma_co_so = t.ma_co_so
