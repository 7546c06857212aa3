{{ config(
    materialized='theo_khoa',
    khoa='ky',
    thang='ky',
    theo={
        'int_chi_so_766__ky': 'ky',
        'int_chi_so_766__ho_so_nhan': 'ky',
        'int_chi_so_766__tthc_ky': 'ky',
        'int_chi_so_766__don_vi_ky': 'ky',
        'int_chi_so_766__tinh_ky': 'ky',
        'int_nguon__ky': 'ky',
        'stg_dvcqg__ho_so': "select k.ky from trung_gian.int_chi_so_766__ky as k inner join {doi} as d on cast(d.ngay_tiep_nhan as date) >= k.tu_ngay and cast(d.ngay_tiep_nhan as date) <= k.den_ngay union select n.ky from trung_gian.int_chi_so_766__ho_so_nhan as n inner join {doi} as d on n.ma_ho_so = d.ma_ho_so",
        'stg_dvc__ho_so': "select k.ky from stg.stg_dvcqg__ho_so as q inner join {doi} as d on q.ma_ho_so = d.ma_ho_so inner join trung_gian.int_chi_so_766__ky as k on cast(q.ngay_tiep_nhan as date) >= k.tu_ngay and cast(q.ngay_tiep_nhan as date) <= k.den_ngay",
    },
) }}
-- Roles in “công khai, minh bạch”. 1.1 and 1.2 judge every version of a procedure, and one late version makes it late;
-- 1.3 asks the procedures public on the month's last day; 1.4 sets the two portals side by side.
with cong_bo as (
    select
        k.ky,
        v.ma_tthc,
        max(case when c.so_thu_tu_ke > e.so_thu_tu_ke - t.gia_tri then 1 else 0 end) = 1 as muon,
        count(c.so_thu_tu_ke + e.so_thu_tu_ke) > 0 as co_ngay
    from {{ ref('int_tthc__phien_ban') }} as v
    inner join {{ phan_doi(ref('int_chi_so_766__ky'), 'ky') }} as k
        on v.ngay_tinh_cong_bo >= k.tu_ngay and v.ngay_tinh_cong_bo <= k.xet_ngay
    inner join {{ ref('tham_so_766') }} as t
        on
            t.ma = 'cong_bo_truoc'
            and v.ngay_tinh_cong_bo >= t.hieu_luc_tu
            and (t.hieu_luc_den is null or v.ngay_tinh_cong_bo <= t.hieu_luc_den)
    left join {{ ref('int_tthc__lich_lam_viec') }} as c on v.ngay_tinh_cong_bo = c.ngay
    left join {{ ref('int_tthc__lich_lam_viec') }} as e on v.ngay_hieu_luc_vb = e.ngay
    group by k.ky, v.ma_tthc
),

-- The last day on which publication is in time: the N-th working day after the decision.
han_cong_khai as (
    select
        v.ma_tthc,
        v.ngay_tinh_cong_bo,
        v.ngay_cong_khai,
        h.ngay as han
    from {{ ref('int_tthc__phien_ban') }} as v
    left join {{ ref('tham_so_766') }} as t
        on
            t.ma = 'cong_khai_sau'
            and v.ngay_tinh_cong_bo >= t.hieu_luc_tu
            and (t.hieu_luc_den is null or v.ngay_tinh_cong_bo <= t.hieu_luc_den)
    left join {{ ref('int_tthc__lich_lam_viec') }} as c on v.ngay_tinh_cong_bo = c.ngay
    left join {{ ref('int_tthc__lich_lam_viec') }} as h on h.la_ngay_lam_viec and c.so_thu_tu + t.gia_tri = h.so_thu_tu
),

cong_khai as (
    select
        k.ky,
        v.ma_tthc,
        max(case when coalesce(v.ngay_cong_khai, date '9999-12-31') > v.han then 1 else 0 end) = 1 as muon,
        count(v.han) > 0 as co_ngay
    from han_cong_khai as v
    inner join {{ phan_doi(ref('int_chi_so_766__ky'), 'ky') }} as k
        on
            (v.ngay_cong_khai >= k.tu_ngay and v.ngay_cong_khai <= k.xet_ngay)
            or (v.han >= k.tu_ngay and v.han <= k.xet_ngay)
    group by k.ky, v.ma_tthc
),

-- A national code that means one procedure of the province.
ma_qg as (
    select
        ma_qg_so_sanh,
        min(ma_tthc) as ma_tthc
    from {{ ref('int_tthc__phien_ban') }}
    where ma_qg_so_sanh is not null
    group by ma_qg_so_sanh
    having count(distinct ma_tthc) = 1
),

hai_cong as (
    select
        h.ky,
        h.ma_ho_so,
        h.ma_don_vi,
        h.ma_tthc,
        h.ly_do_loai,
        c.ky is not null as co_tep,
        q.ma_ho_so is not null as ca_hai,
        case when q.ma_ho_so is null then 'tinh' end as phia
    from {{ phan_doi(ref('int_chi_so_766__ho_so_nhan'), 'ky') }} as h
    left join {{ ref('stg_dvcqg__ho_so') }} as q on h.ma_ho_so = q.ma_ho_so
    left join {{ ref('int_nguon__ky') }} as c on c.nguon_du_lieu = 'dvcqg/ho_so' and h.ky = c.ky
    union all
    select
        k.ky,
        q.ma_ho_so,
        q.ma_don_vi,
        coalesce(m.ma_tthc, 'chua_anh_xa') as ma_tthc,
        cast(null as varchar) as ly_do_loai,
        true as co_tep,
        false as ca_hai,
        'qg' as phia
    from {{ ref('stg_dvcqg__ho_so') }} as q
    inner join {{ phan_doi(ref('int_chi_so_766__ky'), 'ky') }} as k
        on cast(q.ngay_tiep_nhan as date) >= k.tu_ngay and cast(q.ngay_tiep_nhan as date) <= k.den_ngay
    left join {{ ref('stg_dvc__ho_so') }} as h on q.ma_ho_so = h.ma_ho_so
    left join ma_qg as m on {{ ma_tthc_qg_du(ma_tthc_goc('q.ma_tthc_qg')) }} = m.ma_qg_so_sanh
    where h.ma_ho_so is null and coalesce(q.trang_thai not in ('moi_dang_ky', 'khong_duoc_tiep_nhan'), true)
),

-- The denominator is the greater of the two portals' counts, of each province and of each agency: of what only one portal
-- holds, the longer list is in it.
lech as (
    select
        h.ky,
        h.ma_ho_so,
        h.ma_don_vi,
        h.ma_tthc,
        h.phia,
        sum(case when h.phia = 'qg' then -1 else 1 end) over (
            partition by h.ky, coalesce(v.ma_tinh, t.ma_tinh, c.ma_tinh)
        ) >= 0 as theo_tinh,
        sum(case when h.phia = 'qg' then -1 else 1 end) over (partition by h.ky, h.ma_don_vi) >= 0 as theo_tinh_don_vi
    from hai_cong as h
    left join {{ phan_doi(ref('int_chi_so_766__don_vi_ky'), 'ky') }} as v on h.ky = v.ky and h.ma_don_vi = v.ma_don_vi
    left join {{ phan_doi(ref('int_chi_so_766__tinh_ky'), 'ky') }} as t on h.ky = t.ky and {{ ma_tinh('h.ma_don_vi') }} = t.ma_tinh
    left join {{ phan_doi(ref('int_chi_so_766__tinh_ky'), 'ky') }} as c on h.ky = c.ky and c.la_chinh
    where h.co_tep and h.ly_do_loai is null and not h.ca_hai
)

select
    {{ vai_tthc('1.1', [
        ('t.muon', 'mau_so', "'công bố muộn'"),
        ('not t.co_ngay', 'loai_tru', "'không ghi ngày hiệu lực văn bản'"),
        ('true', 'tu_so', none),
    ], 'c.ma_don_vi') }}
from cong_bo as t
left join {{ phan_doi(ref('int_chi_so_766__tthc_ky'), 'ky') }} as c on t.ky = c.ky and t.ma_tthc = c.ma_tthc
union all
select
    {{ vai_tthc('1.2', [
        ('t.muon', 'mau_so', "'công khai muộn hoặc chưa công khai'"),
        ('not t.co_ngay', 'loai_tru', "'không ghi ngày quyết định của tỉnh'"),
        ('true', 'tu_so', none),
    ], 'c.ma_don_vi') }}
from cong_khai as t
left join {{ phan_doi(ref('int_chi_so_766__tthc_ky'), 'ky') }} as c on t.ky = c.ky and t.ma_tthc = c.ma_tthc
union all
select
    {{ vai_766('1.3', 'c.ky', "'tinh'", 'tthc', 'c.ma_tthc', 'c.ma_don_vi', 'c.ma_tthc', [
        ('not c.da_cong_khai', 'loai_tru', "'chưa công khai'"),
        ('c.du_bo_phan', 'tu_so', none),
        ('c.du_bo_phan is null', 'mau_so', "'không ghi đủ bộ phận hay không'"),
        ('true', 'mau_so', "'thiếu bộ phận'"),
    ]) }}
from {{ phan_doi(ref('int_chi_so_766__tthc_ky'), 'ky') }} as c
union all
select
    {{ vai_766('1.4', 'h.ky', "'chung'", 'ho_so', 'h.ma_ho_so', 'h.ma_don_vi', 'h.ma_tthc', [
        ('not h.co_tep', 'loai_tru', "'chưa có tệp của Cổng DVCQG cho kỳ này'"),
        ('h.ly_do_loai is not null', 'loai_tru', 'h.ly_do_loai'),
        ('true', 'tu_so', none),
    ]) }}
from hai_cong as h
where not h.co_tep or h.ly_do_loai is not null or h.ca_hai
{% for pham_vi, theo in [('tinh', 'l.theo_tinh'), ('don_vi', 'l.theo_tinh_don_vi')] -%}
    union all
    select
        {{ vai_766('1.4', 'l.ky', "'" ~ pham_vi ~ "'", 'ho_so', 'l.ma_ho_so', 'l.ma_don_vi', 'l.ma_tthc', [
            ("l.phia = 'tinh' and " ~ theo, 'mau_so', "'chưa có trên Cổng DVCQG'"),
            ("l.phia = 'qg' and not " ~ theo, 'mau_so', "'chỉ có trên Cổng DVCQG'"),
            ("l.phia = 'tinh'", 'loai_tru', "'chưa có trên Cổng DVCQG, nhưng mẫu số theo số của Cổng'"),
            ('true', 'loai_tru', "'chỉ có trên Cổng DVCQG, mẫu số theo số của tỉnh'"),
        ]) }}
    from lech as l
{% endfor %}
