-- R7: which procedure version each (code, name, level) met in the dossiers means, by day. The first that leads
-- to one procedure in force: the code as the province's, then as the national one, then with the trailing zeros
-- restored (a national code also without what follows its eight characters); the name only where no code was exported. The unit's level, then the name, decide between equals.
-- Each (code, name, level) is cut at every date where a candidate starts or ends: at most one row holds a day.
{%- set cach_khop = [
    (1, 'k.ma_so_sanh = v.ma_so_sanh'),
    (2, 'k.ma_so_sanh = v.ma_qg_so_sanh'),
    (3, 'k.ma_bo_khong = v.ma_bo_khong'),
    (3, 'k.ma_qg_bo_khong = v.ma_qg_bo_khong'),
    (5, "k.ma_tthc_xuat = '' and k.ten_so_sanh <> '' and k.ten_so_sanh = v.ten_so_sanh"),
] %}
with khoa as (
    select
        s.ma_tthc_xuat,
        s.ten_tthc_xuat,
        s.cap,
        {{ ma_tthc_goc('s.ma_tthc_xuat') }} as ma_so_sanh,
        {{ ma_tthc_bo_khong(ma_tthc_goc('s.ma_tthc_xuat')) }} as ma_bo_khong,
        {{ ma_tthc_bo_khong(ma_tthc_qg_tam_so(ma_tthc_goc('s.ma_tthc_xuat'))) }} as ma_qg_bo_khong,
        {{ dang_chuan_tthc('s.ten_tthc_xuat') }} as ten_so_sanh
    from (
        select distinct
            ma_tthc_xuat,
            ten_tthc_xuat,
            cap
        from {{ ref('int_tthc__ho_so_don_vi') }}
    ) as s
),

khop as (
    {% for hang, dieu_kien in cach_khop %}
        select
            k.ma_tthc_xuat,
            k.ten_tthc_xuat,
            k.cap,
            v.ma_tthc,
            v.hieu_luc_tu,
            {{ hang }} as hang
        from khoa as k
        inner join {{ ref('int_tthc__phien_ban') }} as v on {{ dieu_kien }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- a code of another time of a procedure means the version in force, where nothing in force has that code
khop_ca_ke_thua as (
    select
        ma_tthc_xuat,
        ten_tthc_xuat,
        cap,
        ma_tthc,
        hieu_luc_tu,
        hang
    from khop
    union
    select
        k.ma_tthc_xuat,
        k.ten_tthc_xuat,
        k.cap,
        w.ma_tthc,
        w.hieu_luc_tu,
        4 as hang
    from khop as k
    inner join {{ ref('int_tthc__phien_ban') }} as w on k.ma_tthc = w.ma_tthc
    where k.hang < 4
),

ung_vien as (
    select
        k.ma_tthc_xuat,
        k.ten_tthc_xuat,
        k.cap,
        k.ma_tthc,
        k.hieu_luc_tu,
        coalesce(v.hieu_luc_den, date '9999-12-30') as hieu_luc_den,
        k.hang * 4
        + case when v.cap = k.cap then 0 else 2 end
        + case when v.ten_so_sanh = {{ dang_chuan_tthc('k.ten_tthc_xuat') }} then 0 else 1 end as hang
    from khop_ca_ke_thua as k
    inner join {{ ref('int_tthc__phien_ban') }} as v on k.ma_tthc = v.ma_tthc and k.hieu_luc_tu = v.hieu_luc_tu
),

diem_cat as (
    select
        ma_tthc_xuat,
        ten_tthc_xuat,
        cap,
        hieu_luc_tu as ngay
    from ung_vien
    union
    select
        ma_tthc_xuat,
        ten_tthc_xuat,
        cap,
        {{ cong_ngay('hieu_luc_den', 1) }} as ngay
    from ung_vien
),

doan as (
    select
        ma_tthc_xuat,
        ten_tthc_xuat,
        cap,
        ngay as tu_ngay,
        {{ cong_ngay(
            'lead(ngay) over (partition by ma_tthc_xuat, ten_tthc_xuat, cap order by ngay asc nulls last)', -1
        ) }} as den_ngay
    from diem_cat
),

xet as (
    select
        d.ma_tthc_xuat,
        d.ten_tthc_xuat,
        d.cap,
        d.tu_ngay,
        d.den_ngay,
        u.ma_tthc,
        u.hieu_luc_tu,
        u.hang,
        min(u.hang) over (partition by d.ma_tthc_xuat, d.ten_tthc_xuat, d.cap, d.tu_ngay) as hang_nhat
    from doan as d
    inner join ung_vien as u
        on
            d.ma_tthc_xuat = u.ma_tthc_xuat
            and d.ten_tthc_xuat = u.ten_tthc_xuat
            and d.cap = u.cap
            and d.tu_ngay >= u.hieu_luc_tu
            and d.tu_ngay <= u.hieu_luc_den
)

select
    ma_tthc_xuat,
    ten_tthc_xuat,
    cap,
    tu_ngay,
    den_ngay,
    min(ma_tthc) as ma_tthc,
    max(hieu_luc_tu) as hieu_luc_tu
from xet
where hang = hang_nhat
group by ma_tthc_xuat, ten_tthc_xuat, cap, tu_ngay, den_ngay
having min(ma_tthc) = max(ma_tthc)
