-- Anatomy of “công khai, minh bạch”. 1.1 and 1.2 judge every version of a procedure, and one late version makes it late;
-- 1.3 asks the procedures public on the month's last day; 1.4 sets the two portals side by side.
with cong_bo as (
    select
        k.ky,
        v.ma_tthc,
        case
            when max(case when c.so_thu_tu_ke > e.so_thu_tu_ke - t.gia_tri then 1 else 0 end) = 1
                then 'mau_so: công bố muộn'
            when count(c.so_thu_tu_ke + e.so_thu_tu_ke) = 0 then 'loai_tru: không ghi ngày hiệu lực văn bản'
            else 'tu_so'
        end as vai_1_1
    from {{ ref('tthc_phien_ban') }} as v
    inner join {{ ref('int_chi_so_766__ky') }} as k
        on v.ngay_tinh_cong_bo >= k.tu_ngay and v.ngay_tinh_cong_bo <= k.xet_ngay
    inner join {{ ref('tham_so_766') }} as t
        on
            t.ma = 'cong_bo_truoc'
            and v.ngay_tinh_cong_bo >= t.hieu_luc_tu
            and (t.hieu_luc_den is null or v.ngay_tinh_cong_bo <= t.hieu_luc_den)
    left join {{ ref('lich_lam_viec') }} as c on v.ngay_tinh_cong_bo = c.ngay
    left join {{ ref('lich_lam_viec') }} as e on v.ngay_hieu_luc_vb = e.ngay
    group by k.ky, v.ma_tthc
),

-- The last day on which publication is in time: the N-th working day after the decision.
han_cong_khai as (
    select
        v.ma_tthc,
        v.ngay_tinh_cong_bo,
        v.ngay_cong_khai,
        h.ngay as han
    from {{ ref('tthc_phien_ban') }} as v
    left join {{ ref('tham_so_766') }} as t
        on
            t.ma = 'cong_khai_sau'
            and v.ngay_tinh_cong_bo >= t.hieu_luc_tu
            and (t.hieu_luc_den is null or v.ngay_tinh_cong_bo <= t.hieu_luc_den)
    left join {{ ref('lich_lam_viec') }} as c on v.ngay_tinh_cong_bo = c.ngay
    left join {{ ref('lich_lam_viec') }} as h on h.la_ngay_lam_viec and c.so_thu_tu + t.gia_tri = h.so_thu_tu
),

cong_khai as (
    select
        k.ky,
        v.ma_tthc,
        case
            when max(case when coalesce(v.ngay_cong_khai, date '9999-12-31') > v.han then 1 else 0 end) = 1
                then 'mau_so: công khai muộn hoặc chưa công khai'
            when count(v.han) = 0 then 'loai_tru: không ghi ngày quyết định của tỉnh'
            else 'tu_so'
        end as vai_1_2
    from han_cong_khai as v
    inner join {{ ref('int_chi_so_766__ky') }} as k
        on
            (v.ngay_cong_khai >= k.tu_ngay and v.ngay_cong_khai <= k.xet_ngay)
            or (v.han >= k.tu_ngay and v.han <= k.xet_ngay)
    group by k.ky, v.ma_tthc
),

thu_tuc as (
    select
        ky,
        ma_tthc,
        max(vai_1_1) as vai_1_1,
        max(vai_1_2) as vai_1_2,
        max(vai_1_3) as vai_1_3
    from (
        select
            ky,
            ma_tthc,
            vai_1_1,
            cast(null as varchar) as vai_1_2,
            cast(null as varchar) as vai_1_3
        from cong_bo
        union all
        select
            ky,
            ma_tthc,
            cast(null as varchar) as vai_1_1,
            vai_1_2,
            cast(null as varchar) as vai_1_3
        from cong_khai
        union all
        select
            ky,
            ma_tthc,
            cast(null as varchar) as vai_1_1,
            cast(null as varchar) as vai_1_2,
            case
                when not da_cong_khai then 'loai_tru: chưa công khai'
                when du_bo_phan then 'tu_so'
                when du_bo_phan is null then 'mau_so: không ghi đủ bộ phận hay không'
                else 'mau_so: thiếu bộ phận'
            end as vai_1_3
        from {{ ref('int_chi_so_766__tthc_ky') }}
    ) as x
    group by ky, ma_tthc
),

-- A national code that means one procedure of the province.
ma_qg as (
    select
        ma_qg_so_sanh,
        min(ma_tthc) as ma_tthc
    from {{ ref('tthc_phien_ban') }}
    where ma_qg_so_sanh is not null
    group by ma_qg_so_sanh
    having count(distinct ma_tthc) = 1
),

so_qg as (
    select count(*) as so_luong
    from {{ ref('stg_dvcqg__ho_so') }}
),

hai_cong as (
    select
        h.ky,
        h.ma_ho_so,
        h.ma_don_vi,
        h.ma_tthc,
        case
            when s.so_luong = 0 then 'loai_tru: chưa có dữ liệu Cổng DVCQG'
            when h.ly_do_loai is not null then concat('loai_tru: ', h.ly_do_loai)
            when q.ma_ho_so is not null then 'tu_so'
        end as vai,
        case when q.ma_ho_so is null then 'tinh' end as phia
    from {{ ref('int_chi_so_766__ho_so_nhan') }} as h
    cross join so_qg as s
    left join {{ ref('stg_dvcqg__ho_so') }} as q on h.ma_ho_so = q.ma_ho_so
    union all
    select
        k.ky,
        q.ma_ho_so,
        q.ma_don_vi,
        coalesce(m.ma_tthc, 'chua_anh_xa') as ma_tthc,
        cast(null as varchar) as vai,
        'qg' as phia
    from {{ ref('stg_dvcqg__ho_so') }} as q
    inner join {{ ref('int_chi_so_766__ky') }} as k
        on cast(q.ngay_tiep_nhan as date) >= k.tu_ngay and cast(q.ngay_tiep_nhan as date) <= k.den_ngay
    left join {{ ref('stg_dvc__ho_so') }} as h on q.ma_ho_so = h.ma_ho_so
    left join ma_qg as m on {{ ma_tthc_qg_du(ma_tthc_goc('q.ma_tthc_qg')) }} = m.ma_qg_so_sanh
    where h.ma_ho_so is null and coalesce(q.trang_thai not in ('moi_dang_ky', 'khong_duoc_tiep_nhan'), true)
),

-- The denominator is the greater of the two portals' counts: of what only one of them holds, the longer list is in it.
lech as (
    select
        ky,
        ma_ho_so,
        ma_don_vi,
        ma_tthc,
        phia,
        sum(case when phia = 'qg' then -1 else 1 end) over (partition by ky) >= 0 as theo_tinh,
        sum(case when phia = 'qg' then -1 else 1 end) over (partition by ky, ma_don_vi) >= 0 as theo_tinh_don_vi
    from hai_cong
    where vai is null
)

{% set lech_vai %}
case
    when l.phia = 'tinh' and THEO then 'mau_so: chưa có trên Cổng DVCQG'
    when l.phia = 'qg' and not THEO then 'mau_so: chỉ có trên Cổng DVCQG'
    when l.phia = 'tinh' then 'loai_tru: chưa có trên Cổng DVCQG, nhưng mẫu số theo số của Cổng'
    else 'loai_tru: chỉ có trên Cổng DVCQG, mẫu số theo số của tỉnh'
end
{% endset %}
select
    {{ phan_chi_tiet('cong_khai', 't.ky', "'tinh'", 'tthc', 't.ma_tthc', 'c.ma_don_vi', 't.ma_tthc',
        {'1.1': 't.vai_1_1', '1.2': 't.vai_1_2', '1.3': 't.vai_1_3'}) }}
from thu_tuc as t
cross join {{ source('so_cai', 'tham_so') }} as p
left join {{ ref('int_chi_so_766__tthc_ky') }} as c on t.ky = c.ky and t.ma_tthc = c.ma_tthc
union all
select
    {{ phan_chi_tiet('cong_khai', 'h.ky', "'chung'", 'ho_so', 'h.ma_ho_so', 'h.ma_don_vi', 'h.ma_tthc',
        {'1.4': 'h.vai'}) }}
from hai_cong as h
cross join {{ source('so_cai', 'tham_so') }} as p
where h.vai is not null
union all
select
    {{ phan_chi_tiet('cong_khai', 'l.ky', "'tinh'", 'ho_so', 'l.ma_ho_so', 'l.ma_don_vi', 'l.ma_tthc',
        {'1.4': lech_vai | replace('THEO', 'l.theo_tinh')}) }}
from lech as l
cross join {{ source('so_cai', 'tham_so') }} as p
union all
select
    {{ phan_chi_tiet('cong_khai', 'l.ky', "'don_vi'", 'ho_so', 'l.ma_ho_so', 'l.ma_don_vi', 'l.ma_tthc',
        {'1.4': lech_vai | replace('THEO', 'l.theo_tinh_don_vi')}) }}
from lech as l
cross join {{ source('so_cai', 'tham_so') }} as p
