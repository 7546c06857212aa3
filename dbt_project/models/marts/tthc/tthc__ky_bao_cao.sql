-- R14: reporting periods of both calendars as reference data, from the days of the calendar table.
with dau as (
    select
        ngay,
        extract(year from ngay) as nam,
        extract(month from ngay) as thang
    from {{ ref('lich') }}
    where extract(day from ngay) = 1
),

ky as (
    select
        'thang' as loai_ky,
        nam,
        {{ ky_thang('ngay') }} as ky,
        concat_ws('', 'Tháng ', lpad(cast(thang as varchar), 2, '0'), '/', cast(nam as varchar)) as nhan,
        ngay as tu_ngay,
        cast(ngay + interval '1' month as date) as sau_ngay
    from dau
    union all
    select
        'quy' as loai_ky,
        nam,
        concat_ws('', cast(nam as varchar), '-Q', case thang when 1 then '1' when 4 then '2' when 7 then '3' else '4' end) as ky,
        concat_ws('', 'Quý ', case thang when 1 then 'I' when 4 then 'II' when 7 then 'III' else 'IV' end, '/', cast(nam as varchar)) as nhan,
        ngay as tu_ngay,
        cast(ngay + interval '3' month as date) as sau_ngay
    from dau
    where thang in (1, 4, 7, 10)
    union all
    select
        'nua_nam' as loai_ky,
        nam,
        concat_ws('', cast(nam as varchar), case thang when 1 then '-H1' else '-H2' end) as ky,
        concat_ws('', case thang when 1 then '6 tháng đầu năm ' else '6 tháng cuối năm ' end, cast(nam as varchar)) as nhan,
        ngay as tu_ngay,
        cast(ngay + interval '6' month as date) as sau_ngay
    from dau
    where thang in (1, 7)
    union all
    select
        'nam' as loai_ky,
        nam,
        cast(nam as varchar) as ky,
        concat_ws('', 'Năm ', cast(nam as varchar)) as nhan,
        ngay as tu_ngay,
        cast(ngay + interval '12' month as date) as sau_ngay
    from dau
    where thang = 1
),

hai_lich as (
    -- Bộ chỉ số 766: calendar months, quarters, years
    select
        '766' as loai_lich,
        loai_ky,
        nam,
        ky,
        nhan,
        tu_ngay,
        {{ cong_ngay('sau_ngay', -1) }} as den_ngay
    from ky
    where loai_ky <> 'nua_nam'
    union all
    -- control of procedures: closes on the 14th of its last month (Nghị định 09/2019, Điều 12)
    select
        'kstthc' as loai_lich,
        loai_ky,
        nam,
        ky,
        nhan,
        {{ cong_ngay("cast(tu_ngay - interval '1' month as date)", 14) }} as tu_ngay,
        {{ cong_ngay("cast(sau_ngay - interval '1' month as date)", 13) }} as den_ngay
    from ky
)

select
    k.loai_lich,
    k.loai_ky,
    cast(k.nam as integer) as nam,
    k.ky,
    k.tu_ngay,
    k.den_ngay,
    k.nhan,
    k.den_ngay <= p.ngay_so_lieu as tron_ky,
    p.ngay_so_lieu,
    p.phien_ban
from hai_lich as k
cross join {{ source('so_cai', 'tham_so') }} as p
