-- Names by which an agency of the list is called: its own through time, others of the seed, and those of districts and communes
-- without the kind of unit (“Yên Dũng”), these within their level alone. A name means one agency: the one in force on the as-of day
-- where several bear it, else the only one; a name of several is left out. `cap` is empty where the level is not told.
with ten as (
    select distinct
        c.ma_don_vi,
        c.cap,
        {{ ten_don_vi_chuan('c.ten_don_vi') }} as ten_chuan,
        c.hieu_luc_tu <= p.ngay_so_lieu and coalesce(c.hieu_luc_den >= p.ngay_so_lieu, true) as con_hieu_luc
    from {{ ref('stg_dvc__co_quan') }} as c
    cross join {{ source('so_cai', 'tham_so') }} as p
),

-- How papers of a province call its own committee.
cua_tinh as (
    select distinct
        c.ma_don_vi,
        c.cap
    from {{ ref('stg_dvc__co_quan') }} as c
    where c.ma_don_vi_cha is null and c.cap = 'tinh'
),

goi as (
    select
        t.*,
        1 as uu_tien
    from ten as t
    union all
    select
        c.ma_don_vi,
        c.cap,
        k.ten_chuan,
        true as con_hieu_luc,
        2 as uu_tien
    from cua_tinh as c
    cross join (
        select 'tinh' as ten_chuan
        union all
        select 'chu tich ubnd tinh' as ten_chuan
    ) as k
    union all
    select
        t.ma_don_vi,
        t.cap,
        k.ten_khac as ten_chuan,
        t.con_hieu_luc,
        2 as uu_tien
    from ten as t
    inner join {{ ref('ten_khac_don_vi') }} as k on t.ten_chuan = k.ten_chuan
    union all
    select
        t.ma_don_vi,
        t.cap,
        {{ thay_mau('t.ten_chuan', '^(huyen|quan|thi xa|thanh pho|tp|xa|phuong|thi tran|dac khu) ', '') }} as ten_chuan,
        t.con_hieu_luc,
        3 as uu_tien
    from ten as t
    where t.cap in ('huyen', 'xa')
),

theo_cap as (
    select * from goi
    union all
    select
        g.ma_don_vi,
        '' as cap,
        g.ten_chuan,
        g.con_hieu_luc,
        g.uu_tien
    from goi as g
    where g.uu_tien < 3
),

dem as (
    select
        t.ten_chuan,
        t.cap,
        t.uu_tien,
        count(distinct t.ma_don_vi) as so_don_vi,
        count(distinct case when t.con_hieu_luc then t.ma_don_vi end) as so_con_hieu_luc,
        min(t.ma_don_vi) as ma_don_vi,
        min(case when t.con_hieu_luc then t.ma_don_vi end) as ma_con_hieu_luc
    from theo_cap as t
    group by t.ten_chuan, t.cap, t.uu_tien
),

chon as (
    select
        d.ten_chuan,
        d.cap,
        case
            when d.so_con_hieu_luc = 1 then d.ma_con_hieu_luc
            when d.so_don_vi = 1 then d.ma_don_vi
        end as ma_don_vi,
        row_number() over (partition by d.ten_chuan, d.cap order by d.uu_tien asc nulls last) as hang
    from dem as d
)

select
    ten_chuan,
    cap,
    ma_don_vi
from chon
where hang = 1 and ma_don_vi is not null
