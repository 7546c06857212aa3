{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    theo={
        'int_tthc__ho_so_goc': 'ma_ho_so',
    },
) }}
-- Group of the reason for which a dossier was refused, withdrawn or stopped. The exported reason is free text
-- that can hold personal data, so only the group (seed ly_do_tra_lai, first keyword found) goes on.
with ly_do as (
    select
        s.ly_do_tra_lai,
        {{ dang_chuan('s.ly_do_tra_lai') }} as chuan
    from (
        select distinct ly_do_tra_lai
        from {{ phan_doi(ref('int_tthc__ho_so_goc'), 'ma_ho_so') }}
        where phan_loai in ('tra_lai', 'tu_choi') and ly_do_tra_lai is not null
    ) as s
),

nhom as (
    select
        l.ly_do_tra_lai,
        min(k.thu_tu) as thu_tu
    from ly_do as l
    left join {{ ref('ly_do_tra_lai') }} as k on l.chuan like concat_ws('', '%', k.tu_khoa, '%')
    group by l.ly_do_tra_lai
)

select
    h.ma_ho_so,
    case
        when h.ly_do_tra_lai is null then 'Không ghi lý do'
        else coalesce(k.ly_do, 'Lý do khác')
    end as ly_do
from {{ phan_doi(ref('int_tthc__ho_so_goc'), 'ma_ho_so') }} as h
left join nhom as n on h.ly_do_tra_lai = n.ly_do_tra_lai
left join {{ ref('ly_do_tra_lai') }} as k on n.thu_tu = k.thu_tu
where h.phan_loai in ('tra_lai', 'tu_choi')
