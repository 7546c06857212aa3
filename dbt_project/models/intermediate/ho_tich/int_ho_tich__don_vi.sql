-- Unit of today for each unit, through the chain of successors.
with recursive don_vi as (
    select ma_don_vi, thay_the_boi, hieu_luc_den,
        row_number() over (partition by ma_don_vi order by hieu_luc_tu desc nulls last) as rn
    from ({{ trang_thai_moi_nhat('dvc__co_quan', ['ma_don_vi', 'thay_the_boi', 'hieu_luc_tu', 'hieu_luc_den']) }})
),
cuoi as (select d.ma_don_vi, d.thay_the_boi, d.hieu_luc_den, p.ngay_so_lieu
    from don_vi as d cross join {{ source('so_cai', 'tham_so') }} as p where d.rn = 1),
chuoi as (
    select ma_don_vi as goc, ma_don_vi, thay_the_boi, hieu_luc_den, ngay_so_lieu, 0 as buoc from cuoi
    union all
    select c.goc, n.ma_don_vi, n.thay_the_boi, n.hieu_luc_den, n.ngay_so_lieu, c.buoc + 1
    from chuoi as c inner join cuoi as n on c.thay_the_boi = n.ma_don_vi
    where c.hieu_luc_den < c.ngay_so_lieu and c.buoc < 20
)
select goc as ma_don_vi, ma_don_vi as ma_don_vi_hien_nay
from chuoi where hieu_luc_den is null or hieu_luc_den >= ngay_so_lieu
