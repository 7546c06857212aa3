-- R6: today's unit of every agency code, through the chain of successors (any length; a cycle ends in null).
-- A unit with a version in force on the as-of date is its own; else its last version's successor. Versions that begin
-- later count only for a unit that has not begun at all. `ma_dut_chuoi` is the ended unit at which a chain breaks off.
with recursive

phien_ban_cuoi as (
    select
        ma_don_vi,
        thay_the_boi,
        con_hieu_luc
    from (
        select
            v.ma_don_vi,
            v.thay_the_boi,
            max(case when v.hieu_luc_den is null or v.hieu_luc_den >= v.ngay_so_lieu then 1 else 0 end)
                over (partition by v.ma_don_vi)
            = 1 as con_hieu_luc,
            row_number() over (
                partition by v.ma_don_vi
                order by v.hieu_luc_den desc nulls first, v.hieu_luc_tu desc nulls last
            ) as rn
        from (
            select
                c.ma_don_vi,
                c.thay_the_boi,
                c.hieu_luc_tu,
                c.hieu_luc_den,
                p.ngay_so_lieu,
                min(c.hieu_luc_tu) over (partition by c.ma_don_vi) as bat_dau
            from {{ ref('stg_dvc__co_quan') }} as c
            cross join {{ source('so_cai', 'tham_so') }} as p
        ) as v
        where v.hieu_luc_tu <= v.ngay_so_lieu or v.bat_dau > v.ngay_so_lieu
    ) as x
    where rn = 1
),

-- `duong`: the codes gone through, as digests of one length, so that a cycle is left where it closes.
chuoi as (
    select
        ma_don_vi as ma_goc,
        ma_don_vi as ma_toi,
        md5(ma_don_vi) as duong
    from phien_ban_cuoi
    union all
    select
        c.ma_goc,
        d.thay_the_boi as ma_toi,
        concat_ws('', c.duong, '/', md5(d.thay_the_boi)) as duong
    from chuoi as c
    inner join phien_ban_cuoi as d on c.ma_toi = d.ma_don_vi
    where not d.con_hieu_luc and d.thay_the_boi is not null and position(md5(d.thay_the_boi) in c.duong) = 0
)

select
    g.ma_don_vi,
    d.ma_don_vi as ma_don_vi_hien_nay,
    g.con_hieu_luc,
    e.ma_don_vi as ma_dut_chuoi
from phien_ban_cuoi as g
left join (
    select
        c.ma_goc,
        x.ma_don_vi
    from chuoi as c
    inner join phien_ban_cuoi as x on c.ma_toi = x.ma_don_vi
    where x.con_hieu_luc
) as d on g.ma_don_vi = d.ma_goc
left join (
    select
        c.ma_goc,
        x.ma_don_vi
    from chuoi as c
    inner join phien_ban_cuoi as x on c.ma_toi = x.ma_don_vi
    left join phien_ban_cuoi as k on x.thay_the_boi = k.ma_don_vi
    where not x.con_hieu_luc and k.ma_don_vi is null
) as e on g.ma_don_vi = e.ma_goc
