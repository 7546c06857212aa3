{{ config(
    materialized='theo_khoa',
    khoa='_khoa',
    thang='ngay_dang_ky',
    theo={
        'stg_ho_tich__khai_sinh': '_khoa',
        'stg_ho_tich__khai_tu': '_khoa',
        'stg_ho_tich__ket_hon': '_khoa',
        'stg_ho_tich__nhan_cha_me_con': '_khoa',
    },
) }}
-- All registers in one shape, still with what tells persons apart (private): one row a record.
{%- set so_dang_ky = {
    'khai_sinh': {'nguoi': 'nks', 'su_kien': 'nks_ngay_sinh', 'ngay_cap': 'ngay_cap_so_dinh_danh'},
    'khai_tu': {'nguoi': 'nkt', 'su_kien': 'nkt_ngay_chet'},
    'ket_hon': {},
    'nhan_cha_me_con': {},
} %}
with ban_ghi as (
    {% for loai, r in so_dang_ky.items() -%}
        select
            '{{ loai }}' as loai_so,
            _khoa,
            _thu_tu_ban_ghi,
            noi_dang_ky as ma_don_vi,
            nguon,
            loai_dang_ky,
            trang_thai,
            quyen_so,
            so,
            ngay_dang_ky_tu,
            ngay_dang_ky_den,
            {{ r.su_kien ~ '_tu' if r.su_kien else 'cast(null as date)' }} as su_kien_tu,
            {{ r.su_kien ~ '_den' if r.su_kien else 'cast(null as date)' }} as su_kien_den,
            {{ r.nguoi ~ '_gioi_tinh' if r.nguoi else 'cast(null as varchar)' }} as gioi_tinh,
            {{ 'cast(extract(year from ' ~ r.nguoi ~ '_ngay_sinh_tu) as bigint)' if r.nguoi else 'cast(null as bigint)' }} as nam_sinh,
            {{ r.nguoi ~ '_so_dinh_danh is not null' if r.nguoi else 'cast(null as boolean)' }} as co_so_dinh_danh,
            {{ r.ngay_cap if r.ngay_cap else 'cast(null as date)' }} as ngay_cap_so_dinh_danh,
            _ma_tep,
            _trang_tinh,
            _dong
        from {{ phan_doi(ref('stg_ho_tich__' ~ loai), '_khoa') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor -%}
),

-- Last day in time for an event on the first and on the last possible day, by the limit in force that day.
gioi_han as (
    select
        b.*,
        {{ cong_ngay('b.su_kien_tu', 'h.so_ngay') }} as het_tu,
        {{ cong_ngay('b.su_kien_den', 'k.so_ngay') }} as het_den
    from ban_ghi as b
    left join {{ ref('gioi_han_ho_tich') }} as h
        on
            b.loai_so = h.loai_so
            and b.su_kien_tu >= h.hieu_luc_tu
            and (h.hieu_luc_den is null or b.su_kien_tu <= h.hieu_luc_den)
            and b.loai_dang_ky in ('dung_han', 'qua_han')
    left join {{ ref('gioi_han_ho_tich') }} as k
        on
            b.loai_so = k.loai_so
            and b.su_kien_den >= k.hieu_luc_tu
            and (k.hieu_luc_den is null or b.su_kien_den <= k.hieu_luc_den)
            and b.loai_dang_ky in ('dung_han', 'qua_han')
),

het_han as (
    select
        g.*,
        {{ ngay_lam_viec_toi('g.het_tu', 'a.ngay_lam_viec_ke') }} as han_tu,
        {{ ngay_lam_viec_toi('g.het_den', 'c.ngay_lam_viec_ke') }} as han_den
    from gioi_han as g
    left join {{ ref('int_tthc__lich_lam_viec') }} as a on g.het_tu = a.ngay
    left join {{ ref('int_tthc__lich_lam_viec') }} as c on g.het_den = c.ngay
)

select
    md5(concat_ws('', x._khoa, ':', cast(x._thu_tu_ban_ghi as varchar))) as ma_ban_ghi,
    x.loai_so,
    x._khoa,
    x.ma_don_vi,
    x.nguon,
    x.loai_dang_ky,
    x.trang_thai,
    x.quyen_so,
    x.so,
    x.ngay_dang_ky_tu,
    x.ngay_dang_ky_den,
    case when x.ngay_dang_ky_tu = x.ngay_dang_ky_den then x.ngay_dang_ky_tu end as ngay_dang_ky,
    case
        when {{ dau_thang('x.ngay_dang_ky_tu') }} = {{ dau_thang('x.ngay_dang_ky_den') }}
            then {{ ky_thang('x.ngay_dang_ky_tu') }}
    end as ky,
    x.su_kien_tu,
    x.su_kien_den,
    x.gioi_tinh,
    x.nam_sinh,
    case
        when x.ngay_dang_ky_tu = x.ngay_dang_ky_den and x.su_kien_tu = x.su_kien_den
            then {{ so_ngay('x.su_kien_tu', 'x.ngay_dang_ky_tu') }}
    end as so_ngay_cho,
    -- Three-valued: in time for every day the dates allow, for none, or undecided.
    case
        when x.ngay_dang_ky_den <= x.han_tu then true
        when x.ngay_dang_ky_tu > x.han_den then false
    end as dung_han,
    x.co_so_dinh_danh,
    x.ngay_cap_so_dinh_danh,
    -- Still waiting (R11): entered electronically since numbers are issued with the birth record, neither cancelled nor unapproved.
    coalesce(
        x.loai_so = 'khai_sinh'
        and not x.co_so_dinh_danh
        and x.nguon = 'dien_tu'
        and x.ngay_dang_ky_tu >= t.gia_tri_ngay
        and coalesce(x.trang_thai, '') not in ('da_huy', 'cho_duyet'),
        false
    ) as cho_so_dinh_danh,
    x._ma_tep,
    x._trang_tinh,
    x._dong
from het_han as x
left join {{ ref('tham_so_ho_tich') }} as t on t.ma_tham_so = 'so_dinh_danh_tu_ngay'
