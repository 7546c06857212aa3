-- Decisions that publish procedures: documents of kind quyet_dinh that say how many, or that the catalogue names; with the day the
-- ministry published, and how many days later the decision came.
with danh_muc as (
    select
        {{ dang_chuan('so_quyet_dinh') }} as so_chuan,
        ngay_tinh_cong_bo as ngay,
        count(distinct ma_tthc) as so_tthc,
        min(ngay_bo_cong_bo) as ngay_bo_cong_bo
    from {{ ref('int_tthc__phien_ban') }}
    where so_quyet_dinh is not null
    group by {{ dang_chuan('so_quyet_dinh') }}, ngay_tinh_cong_bo
),

van_ban as (
    select
        v.so_van_ban,
        v.ngay,
        {{ da_che('v.co_quan') }} as co_quan,
        {{ da_che('v.linh_vuc') }} as linh_vuc,
        v.so_tthc,
        {{ dang_chuan('v.so_van_ban') }} as so_chuan,
        {{ ten_don_vi_chuan('v.co_quan') }} as co_quan_chuan
    from {{ ref('stg_dvc__van_ban') }} as v
    where v.loai = 'quyet_dinh'
),

ghep as (
    select
        v.*,
        coalesce(max(c.ngay_bo_cong_bo), max(k.ngay_bo_cong_bo)) as ngay_bo_cong_bo,
        coalesce(max(c.so_tthc), max(k.so_tthc)) as so_tthc_danh_muc
    from van_ban as v
    left join danh_muc as c on v.so_chuan = c.so_chuan and v.ngay = c.ngay
    left join danh_muc as k on v.so_chuan = k.so_chuan and k.ngay is null
    group by v.so_van_ban, v.ngay, v.co_quan, v.linh_vuc, v.so_tthc, v.so_chuan, v.co_quan_chuan
)

select
    g.so_van_ban,
    g.ngay,
    g.co_quan,
    n.ma_don_vi,
    g.linh_vuc,
    cast(g.so_tthc as bigint) as so_tthc,
    cast(g.so_tthc_danh_muc as bigint) as so_tthc_danh_muc,
    g.ngay_bo_cong_bo,
    cast(case
        when g.ngay_bo_cong_bo is not null then greatest({{ so_ngay('g.ngay_bo_cong_bo', 'g.ngay') }}, 0)
    end as bigint) as so_ngay_cham,
    min(g.ngay) over (partition by g.so_chuan, coalesce(n.ma_don_vi, g.co_quan_chuan))
    <> max(g.ngay) over (partition by g.so_chuan, coalesce(n.ma_don_vi, g.co_quan_chuan)) as trung_so,
    p.ngay_so_lieu,
    p.phien_ban
from ghep as g
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_tthc__ten_don_vi') }} as n on n.cap = '' and g.co_quan_chuan = n.ten_chuan
where g.so_tthc is not null or g.so_tthc_danh_muc is not null
