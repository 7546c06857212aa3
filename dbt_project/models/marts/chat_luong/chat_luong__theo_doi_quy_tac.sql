-- Every rule of the book over all runs: one that never fails may watch nothing, one that flickers may watch noise.
with ket_qua as (
    select
        k.*,
        r.ngay_so_lieu,
        lag(k.dat) over (partition by k.ma_quy_tac order by k.so_lan asc nulls last) as dat_truoc
    from (
        select
            ma_quy_tac,
            so_lan,
            so_loi,
            dat
        from {{ source('so_cai', 'ket_qua_kiem_tra') }}
        where dat is not null
    ) as k
    left join {{ source('so_cai', 'lan_chay') }} as r on k.so_lan = r.so_lan
),

tong as (
    select
        ma_quy_tac,
        count(*) as so_lan_chay,
        sum(case when so_loi > 0 then 1 else 0 end) as so_lan_co_loi,
        sum(case when not dat then 1 else 0 end) as so_lan_khong_dat,
        sum(case when dat <> dat_truoc then 1 else 0 end) as so_lan_doi,
        max(case when not dat then ngay_so_lieu end) as khong_dat_cuoi
    from ket_qua
    group by ma_quy_tac
)

select
    cast(q.ma_quy_tac as varchar) as ma_quy_tac,
    cast(coalesce(t.so_lan_chay, 0) as bigint) as so_lan_chay,
    cast(coalesce(t.so_lan_co_loi, 0) as bigint) as so_lan_co_loi,
    cast(coalesce(t.so_lan_khong_dat, 0) as bigint) as so_lan_khong_dat,
    cast(coalesce(t.so_lan_doi, 0) as bigint) as so_lan_doi,
    cast(t.khong_dat_cuoi as date) as khong_dat_cuoi,
    cast(
        case
            when t.ma_quy_tac is null then 'chua_danh_gia'
            when t.so_lan_co_loi = 0 then 'chua_tung_loi'
            when t.so_lan_doi >= 3 and 3 * t.so_lan_doi >= t.so_lan_chay then 'chap_chon'
            else 'binh_thuong'
        end as varchar
    ) as nhan_xet,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from {{ source('so_cai', 'quy_tac') }} as q
cross join {{ source('so_cai', 'tham_so') }} as p
left join tong as t on q.ma_quy_tac = t.ma_quy_tac
