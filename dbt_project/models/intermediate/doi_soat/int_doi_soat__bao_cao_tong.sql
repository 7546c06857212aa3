-- R13, sums that the data state themselves: the parts of a total (`thuoc_tong`), and the levels of a metric against its
-- figure for the whole province. Parts of several partitions of one total (by channel, by level) are kept apart; where the
-- parts that a relation declares and those it does not know add up to the total together, that is the relation (reading 2).
with phan_nhom as (
    select
        p.ma_bao_cao,
        p.thuoc_tong,
        t.ma_so_lieu,
        t.gia_tri,
        t.bac,
        t.ten_chi_tieu,
        {{ nua_don_vi('t') }} as dung_sai_tong,
        p.gia_tri as gia_tri_phan,
        {{ nua_don_vi('p') }} as dung_sai_phan,
        case
            when t.ma_so_lieu is null then 'thieu'
            when p.chi_tieu = t.chi_tieu and p.pham_vi_khoa <> t.pham_vi_khoa then 'pham_vi'
            else coalesce(q.ma_quan_he, 'khac')
        end as nhom
    from {{ ref('int_doi_soat__so_lieu') }} as p
    left join {{ ref('int_doi_soat__so_lieu') }} as t on p.ma_bao_cao = t.ma_bao_cao and p.thuoc_tong = t.ma_so_lieu
    left join (
        select
            ket_qua,
            chi_tieu,
            min(ma_quan_he) as ma_quan_he
        from {{ ref('quan_he_bao_cao') }}
        where loai = 'tong' and vai = 'so_hang'
        group by ket_qua, chi_tieu
    ) as q on t.chi_tieu = q.ket_qua and p.chi_tieu = q.chi_tieu
    where p.thuoc_tong is not null and p.thuoc_tong <> p.ma_so_lieu
),

-- one row a total whose parts, those of the declared relation and the others, make it up together
ca_tong as (
    select
        ma_bao_cao,
        ma_so_lieu,
        min(case when nhom <> 'khac' then nhom end) as nhom
    from phan_nhom
    where nhom not in ('thieu', 'pham_vi')
    group by ma_bao_cao, ma_so_lieu
    having
        count(distinct nhom) > 1
        and abs(max(gia_tri) - sum(gia_tri_phan)) <= sum(dung_sai_phan) + max(dung_sai_tong)
),

phan as (
    select
        p.ma_bao_cao,
        coalesce(p.ma_so_lieu, p.thuoc_tong) as ma_so_lieu,
        p.ten_chi_tieu,
        p.gia_tri,
        p.bac,
        p.dung_sai_tong,
        p.gia_tri_phan,
        p.dung_sai_phan,
        coalesce(c.nhom, p.nhom) as nhom,
        case when c.nhom is null then 1 else 2 end as cach_doc
    from phan_nhom as p
    left join ca_tong as c
        on p.ma_bao_cao = c.ma_bao_cao and p.ma_so_lieu = c.ma_so_lieu and p.nhom not in ('thieu', 'pham_vi')
),

thanh_phan as (
    select
        ma_bao_cao,
        ma_so_lieu,
        concat_ws('', 'thanh_phan/', nhom) as ma_con,
        case nhom
            when 'thieu' then 'Tổng các thành phần so với số tổng'
            else concat_ws('', 'Tổng các thành phần so với số tổng: ', max(ten_chi_tieu))
        end as mo_ta,
        cach_doc,
        max(gia_tri) as gia_tri,
        max(bac) as bac,
        sum(gia_tri_phan) as tu,
        sum(dung_sai_phan) + max(coalesce(dung_sai_tong, 0)) as dung_sai,
        case
            when nhom = 'thieu' then 'số tổng'
            when count(*) < 2 then 'các thành phần còn lại'
        end as thieu
    from phan
    group by ma_bao_cao, ma_so_lieu, nhom, cach_doc
),

cap_can as (
    select
        t.ma_bao_cao,
        t.ma_so_lieu,
        t.chi_tieu,
        t.ten_chi_tieu,
        t.gia_tri,
        t.bac,
        {{ nua_don_vi('t') }} as dung_sai_tong,
        c.cap,
        min(f.gia_tri) as gia_tri_cap,
        max(f.gia_tri) as gia_tri_cap_den,
        max({{ nua_don_vi('f') }}) as dung_sai_cap,
        c.hieu_luc_den is not null and coalesce(t.tu_ngay, t.den_ngay) > c.hieu_luc_den as cap_het_hieu_luc
    from {{ ref('int_doi_soat__so_lieu_du') }} as t
    cross join {{ ref('cap_hanh_chinh') }} as c
    left join {{ ref('int_doi_soat__so_lieu_du') }} as f
        on
            t.ma_bao_cao = f.ma_bao_cao
            and t.chi_tieu = f.chi_tieu
            and t.dia_ban = f.dia_ban
            and c.cap = f.cap
            and f.don_vi = ''
            and {{ cung_ky('t', 'f') }}
    where t.cap = 'toan_tinh' and t.don_vi = '' and t.cong_duoc and not t.liet_ke
    group by
        t.ma_bao_cao, t.ma_so_lieu, t.chi_tieu, t.ten_chi_tieu, t.gia_tri, t.bac, t.he_so, t.cong_duoc, c.cap, c.hieu_luc_den,
        t.tu_ngay, t.den_ngay
),

theo_cap as (
    select
        ma_bao_cao,
        ma_so_lieu,
        'cap' as ma_con,
        concat_ws('', 'Tổng các cấp so với số toàn tỉnh: ', ten_chi_tieu) as mo_ta,
        1 as cach_doc,
        gia_tri,
        bac,
        sum(gia_tri_cap) as tu,
        sum(dung_sai_cap) + max(dung_sai_tong) as dung_sai,
        case
            when max(case when gia_tri_cap <> gia_tri_cap_den then 1 else 0 end) = 1 then 'một số duy nhất cho mỗi cấp'
            when count(gia_tri_cap) < count(*)
                then concat_ws('', 'số của cấp ', {{ noi_chuoi_theo('case when gia_tri_cap is null then cap end', ', ', 'cap') }})
        end as thieu
    from cap_can
    where gia_tri_cap is not null or not cap_het_hieu_luc
    group by ma_bao_cao, ma_so_lieu, ten_chi_tieu, gia_tri, bac
    having count(gia_tri_cap) >= 2
)

select
    t.ma_bao_cao,
    t.ma_so_lieu,
    t.ma_con,
    t.mo_ta,
    t.cach_doc,
    t.gia_tri,
    t.bac,
    t.tu,
    t.dung_sai,
    t.thieu
from thanh_phan as t
union all
select
    t.ma_bao_cao,
    t.ma_so_lieu,
    t.ma_con,
    t.mo_ta,
    t.cach_doc,
    t.gia_tri,
    t.bac,
    t.tu,
    t.dung_sai,
    t.thieu
from theo_cap as t
