-- Lives of alerts: those open, and those that ended within the last 30 days. Seen is a mark at the level the life has reached now.
-- From the ledger alone: a list of alerts that failed must not stop the tables of operation.
with xem as (
    select
        x.*,
        row_number() over (
            partition by x.ma_canh_bao, x.mo_lan order by x.luc desc nulls last, x.vai asc nulls last
        ) as rn
    from {{ source('so_cai', 'da_xem') }} as x
),

doi as (
    select
        v.*,
        case when v.do_lan is null then 'vang' else 'do' end as muc_do,
        x.luc as xem_luc,
        x.vai as xem_boi,
        x.muc_do as xem_muc_do
    from {{ source('so_cai', 'vong_doi_canh_bao') }} as v
    left join xem as x on v.ma_canh_bao = x.ma_canh_bao and v.mo_lan = x.mo_lan and x.rn = 1
),

trang_thai as (
    select
        d.*,
        case
            when d.het_lan is not null then 'het'
            when d.xem_muc_do = 'do' or d.xem_muc_do = d.muc_do then 'da_xem'
            else 'mo'
        end as trang_thai
    from doi as d
)

select
    cast(d.ma_canh_bao as varchar) as ma_canh_bao,
    cast(d.mo_lan as bigint) as mo_lan,
    cast(d.loai as varchar) as loai,
    cast(n.ten_loai as varchar) as loai_ten,
    cast(d.ma_don_vi as varchar) as ma_don_vi,
    cast(d.trang_thai as varchar) as trang_thai,
    {{ nhan_danh_muc('trang_thai_canh_bao', 'd.trang_thai') }} as trang_thai_ten,
    cast(d.muc_do as varchar) as muc_do,
    {{ nhan_danh_muc('muc_do_canh_bao', 'd.muc_do') }} as muc_do_ten,
    cast(d.mo_ngay as date) as mo_ngay,
    cast(d.het_ngay as date) as het_ngay,
    cast(d.xem_luc as timestamp) as xem_luc,
    cast(d.xem_boi as varchar) as xem_boi,
    p.ngay_so_lieu,
    p.phien_ban
from trang_thai as d
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('nguong_canh_bao') }} as n on d.loai = n.loai
where d.het_ngay is null or d.het_ngay >= {{ cong_ngay('p.ngay_so_lieu', -30) }}
