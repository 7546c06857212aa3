-- Keys of dossiers whose newest row was quarantined and never mended, by side (R12: those of the province have no
-- verdict). Mended means, as in chat_luong.cach_ly: the key loaded in a later run, from a newer state, or further
-- down the same sheet; or the very row was read sound once the contract had changed (sua_lan).
with hang as (
    select
        d.ma_tep,
        d.trang_tinh,
        d.dong,
        d.khoa,
        case t.nguon_du_lieu when 'dvc/ho_so' then 'tinh' else 'cong_qg' end as phia,
        t.so_lan,
        t.thoi_diem,
        t.sha256
    from {{ source('so_cai', 'dong_cach_ly') }} as d
    inner join {{ source('so_cai', 'tep') }} as t on d.ma_tep = t.ma_tep
    where d.khoa is not null and d.sua_lan is null and t.nguon_du_lieu in ('dvc/ho_so', 'dvcqg/ho_so')
),

nap as (
    {% for phia, bang in [('tinh', 'dvc__ho_so'), ('cong_qg', 'dvcqg__ho_so')] -%}
        select
            '{{ phia }}' as phia,
            r._khoa as khoa,
            r._ma_tep as ma_tep,
            r._trang_tinh as trang_tinh,
            r._dong as dong,
            coalesce(r._thoi_diem, t.thoi_diem) as luc,
            t.so_lan,
            t.sha256
        from {{ source('tho', bang) }} as r
        inner join (
            select distinct khoa
            from hang
            where phia = '{{ phia }}'
        ) as k on r._khoa = k.khoa
        inner join {{ source('so_cai', 'tep') }} as t on r._ma_tep = t.ma_tep
        {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select distinct
    h.phia,
    h.khoa
from hang as h
where not exists (
    select 1
    from nap as n
    where
        n.phia = h.phia
        and n.khoa = h.khoa
        and (
            n.so_lan > h.so_lan
            or (n.ma_tep = h.ma_tep and n.trang_tinh = h.trang_tinh and n.dong > h.dong)
            or (n.ma_tep <> h.ma_tep and (n.luc > h.thoi_diem or (n.luc = h.thoi_diem and n.sha256 > h.sha256)))
        )
)
