{{ config(
    materialized='theo_khoa',
    khoa='_khoa',
    theo={
        'tho': '_khoa',
        'int_ho_tich__ban_ghi': '_khoa',
    },
    da_tinh=['so_cai.tep'],
) }}
-- Corrections of all registers: which record, when, which fields; never what they said (private).
with doi as (
    {% set truong = {
        'khai_sinh': (
            ['nks_ho_ten', 'me_ho_ten', 'cha_ho_ten'],
            ['nks_ngay_sinh', 'me_ngay_sinh', 'cha_ngay_sinh'],
            ['nks_gioi_tinh', 'nks_dan_toc', 'nks_quoc_tich'],
        ),
        'khai_tu': (['nkt_ho_ten'], ['nkt_ngay_sinh', 'nkt_ngay_chet'], ['nkt_gioi_tinh']),
        'ket_hon': (['chong_ho_ten', 'vo_ho_ten'], ['chong_ngay_sinh', 'vo_ngay_sinh', 'ngay_ket_hon'], []),
        'nhan_cha_me_con': (['cha_me_ho_ten', 'con_ho_ten'], ['con_ngay_sinh'], ['loai_xac_nhan']),
    } -%}
    {% for so, (ten, ngay, chu) in truong.items() -%}
        select
            '{{ so }}' as loai_so,
            d.*
        from ({{ cai_chinh_ho_tich('ho_tich__' ~ so, ten, ngay, chu) }}) as d
        where d.truong <> ''
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- The record in force: the one of this `nguon`, else the only one of the key (the same person in two `nguon` is one record).
ban_ghi as (
    select
        loai_so,
        _khoa,
        coalesce(nguon, '') as _nguon,
        ma_ban_ghi,
        ma_don_vi,
        count(*) over (partition by loai_so, _khoa) as so_ban
    from {{ phan_doi(ref('int_ho_tich__ban_ghi'), '_khoa') }}
)

select
    d._khoa,
    d.loai_so,
    b.ma_ban_ghi,
    b.ma_don_vi,
    d.ma_phien_ban_cu,
    coalesce(d.ma_phien_ban_moi, b.ma_ban_ghi) as ma_phien_ban_moi,
    cast(d._bat_dau as date) as ngay_cai_chinh,
    d.truong
from doi as d
inner join ban_ghi as b on d.loai_so = b.loai_so and d._khoa = b._khoa and (d._nguon = b._nguon or b.so_ban = 1)
