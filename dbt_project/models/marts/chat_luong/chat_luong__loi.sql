-- One defect is one rule and one key (or, for a finding on a file, its place there); the ledger keeps it as intervals
-- of runs, of which the last one says where it stands.
with khoang as (
    select
        l.*,
        row_number() over (partition by l.ma_quy_tac, l.khoa_loi order by l.tu_lan desc nulls last) as rn,
        count(*) over (partition by l.ma_quy_tac, l.khoa_loi) as so_khoang,
        min(r.ngay_so_lieu) over (partition by l.ma_quy_tac, l.khoa_loi) as thay_dau
    from {{ source('so_cai', 'loi') }} as l
    left join {{ source('so_cai', 'lan_chay') }} as r on l.tu_lan = r.so_lan
),

-- Only a run that judged the rule can find a defect or show that it is gone.
lan_cuoi as (
    select
        ma_quy_tac,
        max(so_lan) as so_lan
    from {{ source('so_cai', 'ket_qua_kiem_tra') }}
    where ly_do is null and (so_dong > 0 or so_ap_dung = 0)
    group by ma_quy_tac
),

-- What the owner answered: the newest of each defect, and to whom the newest that handed it on gave it.
tra_loi as (
    select
        ma_loi,
        tra_loi,
        den_ngay,
        so_lan
    from (
        select
            a.*,
            row_number() over (partition by a.ma_loi order by a.luc desc nulls last) as rn
        from {{ source('so_cai', 'tra_loi') }} as a
    ) as x
    where rn = 1
),

chuyen as (
    select
        ma_loi,
        ma_don_vi
    from (
        select
            a.*,
            row_number() over (partition by a.ma_loi order by a.luc desc nulls last) as rn
        from {{ source('so_cai', 'tra_loi') }} as a
        where a.tra_loi = 'khong_thuoc'
    ) as x
    where rn = 1
),

tinh as (
    select
        md5(concat_ws('', k.ma_quy_tac, ':', k.khoa_loi)) as ma_loi,
        k.ma_quy_tac,
        k.khoa_loi,
        k.tu_lan,
        k.dong_lan,
        c.so_lan as lan_xet,
        k.khoa,
        k.ma_don_vi,
        k.ma_tep,
        k.trang_tinh,
        k.dong,
        case
            when k.dong_lan is not null then 'da_sua'
            when k.so_khoang > 1 then 'tai_xuat'
            when k.tu_lan >= c.so_lan then 'moi'
            else 'con'
        end as trang_thai,
        -- A mended defect has aged until the run that no longer found it.
        case when k.dong_lan is not null then s.ngay_so_lieu else p.ngay_so_lieu end as tinh_den,
        k.thay_dau,
        p.ngay_so_lieu,
        p.phien_ban
    from khoang as k
    cross join {{ source('so_cai', 'tham_so') }} as p
    left join lan_cuoi as c on k.ma_quy_tac = c.ma_quy_tac
    left join {{ source('so_cai', 'lan_chay') }} as s on k.dong_lan = s.so_lan
    where k.rn = 1
),

co_tra_loi as (
    select
        t.*,
        h.ma_don_vi as ma_don_vi_nhan,
        case
            when t.dong_lan is null then {{ tinh_trang_tra_loi('a', 't.tu_lan', 't.lan_xet', 't.ngay_so_lieu') }}
        end as tra_loi,
        a.den_ngay
    from tinh as t
    left join tra_loi as a on t.ma_loi = a.ma_loi
    left join chuyen as h on t.ma_loi = h.ma_loi
),

-- A run with an earlier as-of day than the first finding (a backfill) finds it on its own day.
ngay as (
    select
        t.*,
        case when t.tinh_den < t.thay_dau then t.tinh_den else t.thay_dau end as phat_hien
    from co_tra_loi as t
)

select
    cast(ma_loi as varchar) as ma_loi,
    cast(ma_quy_tac as varchar) as ma_quy_tac,
    cast(khoa as varchar) as khoa,
    cast(ma_don_vi as varchar) as ma_don_vi,
    cast(ma_tep as varchar) as ma_tep,
    cast(dong as bigint) as dong,
    cast(phat_hien as date) as phat_hien,
    cast(trang_thai as varchar) as trang_thai,
    {{ nhan_danh_muc('trang_thai_loi', 'trang_thai') }} as trang_thai_ten,
    cast({{ so_ngay('phat_hien', 'tinh_den') }} as bigint) as so_ngay,
    cast({{ da_che('trang_tinh') }} as varchar) as trang_tinh,
    cast(tra_loi as varchar) as tra_loi,
    {{ nhan_danh_muc('tra_loi', 'tra_loi') }} as tra_loi_ten,
    cast(case when tra_loi in ('dang_mien', 'het_mien') then den_ngay end as date) as mien_den,
    cast(case when dong_lan is null then ma_don_vi_nhan end as varchar) as ma_don_vi_nhan,
    cast(ngay_so_lieu as date) as ngay_so_lieu,
    cast(phien_ban as varchar) as phien_ban
from ngay
