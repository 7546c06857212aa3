-- A run repeated over the same files has the same publication id: its newest decision stands.
select
    cast(q.phien_ban as varchar) as phien_ban,
    cast(q.nhom_mart as varchar) as nhom_mart,
    cast(q.trang_thai as varchar) as trang_thai,
    {{ nhan_danh_muc('trang_thai_xuat_ban', 'q.trang_thai') }} as trang_thai_ten,
    cast(q.ngay_so_lieu as date) as ngay_so_lieu,
    cast(q.ly_do as varchar) as ly_do,
    cast(q.so_lan as bigint) as so_lan
from (
    select
        d.*,
        row_number() over (
            partition by d.phien_ban, d.nhom_mart
            order by d.so_lan desc nulls last, d.trang_thai asc nulls last, d.ly_do asc nulls last
        ) as rn
    from {{ source('so_cai', 'quyet_dinh') }} as d
) as q
where q.rn = 1
