with chieu as (
    select
        nguon_du_lieu,
        chieu,
        100 * {{ ty_le('sum(so_dong) - sum(so_loi)', 'sum(so_dong)') }} as diem
    from {{ source('so_cai', 'diem_do') }}
    group by nguon_du_lieu, chieu
),

nguon as (
    select
        nguon_du_lieu,
        max(case when chieu = 'dung' then diem end) as dung,
        max(case when chieu = 'du' then diem end) as du,
        max(case when chieu = 'sach' then diem end) as sach,
        max(case when chieu = 'song' then diem end) as song
    from chieu
    group by nguon_du_lieu
)

select
    cast(n.nguon_du_lieu as varchar) as nguon_du_lieu,
    cast(n.dung as double) as dung,
    cast(n.du as double) as du,
    cast(n.sach as double) as sach,
    cast(n.song as double) as song,
    cast((n.dung + n.du + n.sach + n.song) / 4 as double) as diem,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from nguon as n
cross join {{ source('so_cai', 'tham_so') }} as p
