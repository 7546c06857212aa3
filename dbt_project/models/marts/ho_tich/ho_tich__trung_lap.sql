-- Exact kinds by key, probable kinds from linkage; a pair stands once, under its exact kind where it has one.
with cap as (
    select
        ma_cum,
        ma_ban_ghi_1,
        ma_ban_ghi_2,
        loai,
        cast(1 as double) as xac_suat,
        cast(null as varchar) as ma_ban_ghi_hieu_luc
    from {{ ref('int_ho_tich__trung_chinh_xac') }}
    union all
    select
        c.ma_ban_ghi_1 as ma_cum,
        c.ma_ban_ghi_1,
        c.ma_ban_ghi_2,
        c.loai,
        c.xac_suat,
        c.ma_ban_ghi_hieu_luc
    from {{ source('so_cai', 'cap_trung') }} as c
    inner join {{ ref('int_ho_tich__ban_ghi') }} as a on c.ma_ban_ghi_1 = a.ma_ban_ghi
    inner join {{ ref('int_ho_tich__ban_ghi') }} as b on c.ma_ban_ghi_2 = b.ma_ban_ghi
    where c.chac_chan and a._khoa <> b._khoa
    union all
    -- Two versions of one record; the version in force is the record itself.
    select
        ma_ban_ghi as ma_cum,
        case when ma_phien_ban_cu < ma_phien_ban_moi then ma_phien_ban_cu else ma_phien_ban_moi end as ma_ban_ghi_1,
        case when ma_phien_ban_cu < ma_phien_ban_moi then ma_phien_ban_moi else ma_phien_ban_cu end as ma_ban_ghi_2,
        'cai_chinh' as loai,
        cast(1 as double) as xac_suat,
        ma_ban_ghi as ma_ban_ghi_hieu_luc
    from {{ ref('int_ho_tich__cai_chinh') }}
)

select
    cast(coalesce(k.ma_cum, c.ma_cum) as varchar) as ma_cum,
    cast(c.ma_ban_ghi_1 as varchar) as ma_ban_ghi_1,
    cast(c.ma_ban_ghi_2 as varchar) as ma_ban_ghi_2,
    cast(c.loai as varchar) as loai,
    {{ nhan_danh_muc('loai_trung', 'c.loai') }} as loai_ten,
    cast(c.xac_suat as double) as xac_suat,
    cast(c.ma_ban_ghi_hieu_luc as varchar) as ma_ban_ghi_hieu_luc,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from cap as c
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ source('so_cai', 'cum_trung') }} as k on case when c.loai = 'cai_chinh' then c.ma_cum else c.ma_ban_ghi_1 end = k.ma_ban_ghi
