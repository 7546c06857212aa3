-- R13: every relation tested, in one shape: printed value against he_so × tu / mau (equal, or not above it), with its verdict
-- by exact multiplication. Of the readings of one relation the best counts; of relations that say the same of one figure, one.
with tat_ca as (
    select
        ma_bao_cao,
        ma_so_lieu,
        ma_con,
        'tong' as loai,
        1 as uu_tien,
        mo_ta,
        cach_doc,
        gia_tri,
        bac,
        1 as he_so,
        tu,
        cast(1 as decimal(20, 6)) as mau,
        dung_sai,
        thieu,
        'bang' as so_sanh
    from {{ ref('int_doi_soat__bao_cao_tong') }}
    union all
    select
        ma_bao_cao,
        ma_so_lieu,
        ma_con,
        'ty_le' as loai,
        1 as uu_tien,
        mo_ta,
        1 as cach_doc,
        gia_tri,
        bac,
        he_so,
        tu,
        mau,
        {{ nua_chu_so('bac') }} as dung_sai,
        thieu,
        'bang' as so_sanh
    from {{ ref('int_doi_soat__bao_cao_ty_le') }}
    union all
    select
        ma_bao_cao,
        ma_so_lieu,
        ma_con,
        loai,
        2 as uu_tien,
        mo_ta,
        cach_doc,
        gia_tri,
        bac,
        he_so,
        tu,
        mau,
        dung_sai,
        thieu,
        'bang' as so_sanh
    from {{ ref('int_doi_soat__bao_cao_khai_bao') }}
    union all
    select
        ma_bao_cao,
        ma_so_lieu,
        ma_con,
        'trung_lap' as loai,
        3 as uu_tien,
        mo_ta,
        1 as cach_doc,
        gia_tri,
        bac,
        1 as he_so,
        tu,
        cast(1 as decimal(20, 6)) as mau,
        dung_sai,
        cast(null as varchar) as thieu,
        'bang' as so_sanh
    from {{ ref('int_doi_soat__bao_cao_trung_lap') }}
    union all
    select
        ma_bao_cao,
        ma_so_lieu,
        ma_con,
        loai,
        5 as uu_tien,
        mo_ta,
        1 as cach_doc,
        gia_tri,
        bac,
        1 as he_so,
        tu,
        cast(1 as decimal(20, 6)) as mau,
        dung_sai,
        cast(null as varchar) as thieu,
        so_sanh
    from {{ ref('int_doi_soat__bao_cao_gioi_han') }}
    union all
    select
        ma_bao_cao,
        ma_so_lieu,
        ma_con,
        'hai_nguon' as loai,
        4 as uu_tien,
        mo_ta,
        1 as cach_doc,
        gia_tri,
        bac,
        he_so,
        tu,
        mau,
        dung_sai,
        thieu,
        'bang' as so_sanh
    from {{ ref('int_doi_soat__bao_cao_kho') }}
),

so as (
    select
        t.ma_bao_cao,
        t.ma_so_lieu,
        t.ma_con,
        t.loai,
        t.uu_tien,
        t.mo_ta,
        t.cach_doc,
        cast(t.gia_tri as decimal(20, 6)) as gia_tri,
        t.bac,
        t.he_so,
        cast(t.tu as decimal(20, 6)) as tu,
        cast(t.mau as decimal(20, 6)) as mau,
        cast(t.dung_sai as decimal(12, 7)) as dung_sai,
        t.thieu,
        t.so_sanh
    from tat_ca as t
),

ket_luan as (
    select
        s.*,
        case
            when s.thieu is not null or s.gia_tri is null or s.tu is null then 'khong_kiem_duoc'
            when s.so_sanh = 'khong_qua' and s.gia_tri <= s.tu then 'khop'
            when {{ so_in_khop('s.gia_tri', 's.he_so', 's.tu', 's.mau', 's.dung_sai') }} then 'khop'
            else 'lech'
        end as ket_luan,
        case when s.thieu is null then {{ thuong_sau_so_le('s.he_so', 's.tu', 's.mau') }} end as gia_tri_tinh
    from so as s
),

chon as (
    select
        k.*,
        row_number() over (
            partition by k.ma_bao_cao, k.ma_so_lieu, k.ma_con
            order by
                case k.ket_luan when 'khop' then 1 when 'lech' then 2 else 3 end asc nulls last,
                abs(k.gia_tri - k.gia_tri_tinh) asc nulls last,
                k.cach_doc asc nulls last,
                k.tu asc nulls last,
                k.thieu asc nulls last
        ) as hang
    from ket_luan as k
),

-- The same relation can be stated by the data and declared (a share, the levels, the parts of a definition): one row of
-- it, and none without a verdict beside one that has it.
nhom as (
    select
        c.*,
        case
            when c.loai = 'ty_le' then 'ty_le'
            when c.ma_con in ('cap', 'thanh_phan/pham_vi') then 'cap'
            else replace(replace(c.ma_con, 'thanh_phan/', ''), 'khai_bao/', '')
        end as nhom
    from chon as c
    where c.hang = 1
),

gop as (
    select
        c.*,
        row_number() over (
            partition by
                c.ma_bao_cao, c.loai, c.ma_so_lieu, c.nhom, c.ket_luan, coalesce(cast(c.gia_tri_tinh as varchar), c.thieu)
            order by c.uu_tien asc nulls last, c.ma_con asc nulls last
        ) as lan,
        max(case when c.ket_luan = 'khong_kiem_duoc' then 0 else 1 end) over (
            partition by c.ma_bao_cao, c.loai, c.ma_so_lieu, c.nhom
        ) as co_ket_luan,
        -- the data name the parts of this total, more of them than the declaration knows, and they make it up
        max(case when c.uu_tien = 1 and c.cach_doc = 2 then 1 else 0 end) over (
            partition by c.ma_bao_cao, c.loai, c.ma_so_lieu, c.nhom
        ) as du_phan
    from nhom as c
)

select
    g.ma_bao_cao,
    g.ma_so_lieu,
    concat_ws('', g.ma_so_lieu, '/', g.ma_con) as ma_quan_he,
    g.loai,
    g.mo_ta,
    g.gia_tri,
    g.gia_tri_tinh,
    g.ket_luan,
    g.thieu,
    case
        when g.ket_luan = 'lech' and g.loai = 'ty_le' and g.tu > 0
            then {{ mau_so_nho_nhat('g.gia_tri', 'g.bac', 'g.he_so', 'g.tu') }}
    end as mau_so_tu,
    case
        when g.ket_luan = 'lech' and g.loai = 'ty_le' and g.tu > 0
            then {{ mau_so_lon_nhat('g.gia_tri', 'g.bac', 'g.he_so', 'g.tu') }}
    end as mau_so_den
from gop as g
where
    g.lan = 1
    and not (g.ket_luan = 'khong_kiem_duoc' and g.co_ket_luan = 1)
    and not (g.ket_luan = 'lech' and g.uu_tien = 2 and g.du_phan = 1)
