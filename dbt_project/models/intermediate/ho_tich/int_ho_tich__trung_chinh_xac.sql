-- Exact kinds of duplicate (rule R10): records that stand under one key of one register. Pairs of the probable kinds come
-- from linkage and join these in the mart.
select
    min(a.ma_ban_ghi) over (partition by a.loai_so, a._khoa) as ma_cum,
    case when a.ma_ban_ghi < b.ma_ban_ghi then a.ma_ban_ghi else b.ma_ban_ghi end as ma_ban_ghi_1,
    case when a.ma_ban_ghi < b.ma_ban_ghi then b.ma_ban_ghi else a.ma_ban_ghi end as ma_ban_ghi_2,
    case
        when
            (a.nguon = 'dien_tu' and b.nguon = 'so_hoa') or (a.nguon = 'so_hoa' and b.nguon = 'dien_tu')
            then 'giay_va_dien_tu'
        else 'nhap_lai'
    end as loai
from {{ ref('int_ho_tich__ban_ghi') }} as a
inner join {{ ref('int_ho_tich__ban_ghi') }} as b
    on a.loai_so = b.loai_so and a._khoa = b._khoa and a.ma_ban_ghi < b.ma_ban_ghi
