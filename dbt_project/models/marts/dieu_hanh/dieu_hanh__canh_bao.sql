-- What wants attention on the as-of day. Every alert stands on the data alone: the day it opened is computed (a dossier is late since
-- its day of return), so it needs no memory, keeps its code from night to night and is gone when its cause is.
-- A dossier can be late and stand still: these are two alerts.
with nguong as (
    select * from {{ ref('nguong_canh_bao') }}
),

don_vi as (
    select
        ma_don_vi,
        max(ten_don_vi) as ten_don_vi
    from {{ ref('tthc__don_vi') }}
    group by ma_don_vi
),

thang as (
    select distinct
        {{ ky_thang('ngay') }} as ky,
        {{ cuoi_thang('ngay') }} as den_ngay
    from {{ ref('int_tthc__lich_lam_viec') }}
),

theo_ho_so as (
    {{ canh_bao_ho_so() }}
),

-- Each birth waits since its own day; one of which only the month is known, since the month's last.
sinh_cho_so as (
    select
        b.ma_don_vi,
        n.nguong,
        coalesce(b.ngay_dang_ky, k.den_ngay) as tu_ngay,
        {{ so_ngay('coalesce(b.ngay_dang_ky, k.den_ngay)', 'p.ngay_so_lieu') }} as so_ngay
    from {{ ref('int_ho_tich__ban_ghi') }} as b
    cross join {{ source('so_cai', 'tham_so') }} as p -- noqa: AL05
    inner join nguong as n on n.loai = 'cho_so_dinh_danh'
    left join thang as k on b.ky = k.ky
    where b.loai_so = 'khai_sinh' and b.nguon = 'dien_tu' and b.cho_so_dinh_danh
),

cho_so as (
    select
        'cho_so_dinh_danh' as loai,
        s.ma_don_vi as doi_tuong,
        s.ma_don_vi,
        concat_ws(
            '',
            cast(count(*) as varchar), ' khai sinh chưa có số định danh sau hơn ',
            cast(cast(max(s.nguong) as integer) as varchar), ' ngày.'
        ) as mo_ta,
        max(s.so_ngay) as so_ngay,
        cast(count(*) as double) as gia_tri,
        cast(null as double) as nguong_rieng,
        min({{ cong_ngay('s.tu_ngay', 's.nguong + 1') }}) as mo_tu_ngay,
        cast(count(*) as bigint) as so_viec
    from sinh_cho_so as s
    where s.so_ngay > s.nguong
    group by s.ma_don_vi
),

cho_huy as (
    select
        'cho_huy_so_dinh_danh' as loai,
        s.ma_don_vi as doi_tuong,
        s.ma_don_vi,
        concat_ws('', cast(cast(sum(s.cho_huy) as bigint) as varchar), ' số định danh chờ công an hủy.') as mo_ta,
        max(s.cho_huy_lau_nhat_ngay) as so_ngay,
        cast(sum(s.cho_huy) as double) as gia_tri,
        cast(null as double) as nguong_rieng,
        min({{ cong_ngay('s.ngay_so_lieu', 'n.nguong + 1 - s.cho_huy_lau_nhat_ngay') }}) as mo_tu_ngay,
        cast(sum(s.cho_huy) as bigint) as so_viec
    from {{ ref('ho_tich__so_dinh_danh') }} as s
    inner join nguong as n on n.loai = 'cho_huy_so_dinh_danh'
    where s.cho_huy > 0
    group by s.ma_don_vi
    having max(s.cho_huy_lau_nhat_ngay) > max(n.nguong)
),

lien_thong as (
    select
        'lien_thong_dung' as loai,
        l.ma_ho_so as doi_tuong,
        l.ma_don_vi,
        concat_ws(
            '',
            'Hồ sơ liên thông ', l.ma_ho_so, ' đứng ở bước ',
            case l.buoc when 'ho_tich' then 'hộ tịch' when 'cu_tru' then 'cư trú' else 'bảo hiểm xã hội' end,
            ' ', cast(b.so_thu_tu - a.so_thu_tu as varchar), ' ngày làm việc.'
        ) as mo_ta,
        b.so_thu_tu - a.so_thu_tu as so_ngay,
        cast(null as double) as gia_tri,
        cast(null as double) as nguong_rieng,
        c.ngay as mo_tu_ngay,
        1 as so_viec
    from {{ ref('ho_tich__lien_thong_ho_so') }} as l
    inner join nguong as n on n.loai = 'lien_thong_dung'
    inner join {{ ref('int_tthc__lich_lam_viec') }} as a on l.tu_ngay = a.ngay
    inner join {{ ref('int_tthc__lich_lam_viec') }} as b on l.ngay_so_lieu = b.ngay
    inner join {{ ref('int_tthc__lich_lam_viec') }} as c
        on c.la_ngay_lam_viec and c.so_thu_tu = a.so_thu_tu + cast(n.nguong as integer) + 1
    where l.buoc <> 'xong' and b.so_thu_tu - a.so_thu_tu > n.nguong
),

im_lang as (
    {{ canh_bao_nguon() }}
),

cong_bo as (
    select
        'cong_bo_cham' as loai,
        d.ma_tthc as doi_tuong,
        min(d.ma_don_vi) as ma_don_vi,
        concat_ws(
            '',
            'Thủ tục ', d.ma_tthc, ': Bộ công bố đã ', cast(min(b.so_thu_tu - a.so_thu_tu) as varchar),
            ' ngày làm việc, tỉnh chưa công bố.'
        ) as mo_ta,
        min(b.so_thu_tu - a.so_thu_tu) as so_ngay,
        cast(null as double) as gia_tri,
        cast(null as double) as nguong_rieng,
        max(c.ngay) as mo_tu_ngay,
        1 as so_viec
    from {{ ref('tthc__danh_muc') }} as d
    inner join nguong as n on n.loai = 'cong_bo_cham'
    inner join {{ ref('int_tthc__lich_lam_viec') }} as a on d.ngay_bo_cong_bo = a.ngay
    inner join {{ ref('int_tthc__lich_lam_viec') }} as b on d.ngay_so_lieu = b.ngay
    inner join {{ ref('int_tthc__lich_lam_viec') }} as c
        on c.la_ngay_lam_viec and c.so_thu_tu = a.so_thu_tu + cast(n.nguong as integer) + 1
    where
        d.ngay_tinh_cong_bo is null
        and d.ma_tthc is not null
        and (d.hieu_luc_den is null or d.hieu_luc_den >= d.ngay_so_lieu)
        and b.so_thu_tu - a.so_thu_tu > n.nguong
    group by d.ma_tthc
),

-- Periods of one kind (months, quarters, years) follow each other; the kind that ended last is told of, months first. `lien` is equal
-- in periods that follow one another and greatest in the last ones: one of which nothing is known ends what is told as one run.
nhom_ky as (
    select
        t.nhom,
        t.ten_nhom,
        t.ma_don_vi,
        t.loai_ky,
        t.duoi_binh_quan,
        coalesce(t.diem_cong_qg, t.diem_hien_thi) as diem,
        t.binh_quan_ca_nuoc,
        t.ngay_so_lieu,
        {{ cong_ngay('k.den_ngay', 1) }} as sau_ky,
        row_number() over (
            partition by t.ma_don_vi, t.nhom, t.loai_ky order by k.den_ngay desc nulls last
        ) as lui,
        k.thu_tu_ky + row_number() over (
            partition by t.ma_don_vi, t.nhom, t.loai_ky order by k.den_ngay desc nulls last
        ) as lien,
        sum(case when t.duoi_binh_quan then 0 else 1 end) over (
            partition by t.ma_don_vi, t.nhom, t.loai_ky order by k.den_ngay desc nulls last
            rows between unbounded preceding and current row
        ) as da_dut,
        dense_rank() over (
            partition by t.ma_don_vi, t.nhom
            order by k.den_ngay desc nulls last, case t.loai_ky when 'thang' then 1 when 'quy' then 2 else 3 end asc nulls last
        ) as thu_tu_ky
    from {{ ref('chi_so_766__tong_hop') }} as t
    inner join {{ ref('int_chi_so_766__ky_hien_hanh') }} as k on t.ky = k.ky
    where t.la_toan_tinh and t.tron_ky and t.nhom <> 'tong' and t.duoi_binh_quan is not null
),

nhom as (
    select
        'nhom_duoi_binh_quan' as loai,
        t.nhom as doi_tuong,
        t.ma_don_vi,
        concat_ws(
            '',
            'Nhóm ', max(t.ten_nhom), ' dưới bình quân cả nước, ', cast(count(*) as varchar),
            case max(t.loai_ky) when 'thang' then ' tháng' when 'quy' then ' quý' else ' năm' end, ' liền.'
        ) as mo_ta,
        max(greatest({{ so_ngay('t.sau_ky', 't.ngay_so_lieu') }}, 0)) as so_ngay,
        cast(max(t.diem) filter (where t.lui = 1) as double) as gia_tri,
        cast(max(t.binh_quan_ca_nuoc) filter (where t.lui = 1) as double) as nguong_rieng,
        min(least(t.sau_ky, t.ngay_so_lieu)) as mo_tu_ngay,
        1 as so_viec
    from nhom_ky as t
    inner join nhom_ky as m
        on t.nhom = m.nhom and t.ma_don_vi = m.ma_don_vi and t.loai_ky = m.loai_ky and t.lien = m.lien and m.thu_tu_ky = 1
    where t.da_dut = 0
    group by t.nhom, t.ma_don_vi
),

hai_cong as (
    select
        c.ma_don_vi,
        c.ky,
        c.ngay_so_lieu,
        {{ cong_ngay('k.den_ngay', 1) }} as sau_ky,
        sum(c.so_ho_so) filter (where c.loai_lech not in ('khop', 'khong_xet')) as lech,
        sum(c.so_ho_so) filter (where c.loai_lech <> 'khong_xet') as xet,
        max(c.ky) over (partition by 1) as ky_cuoi
    from {{ ref('doi_soat__hai_cong_thang') }} as c
    inner join thang as k on c.ky = k.ky
    where k.den_ngay <= c.ngay_so_lieu and c.ma_don_vi <> 'khong_ro'
    group by c.ma_don_vi, c.ky, c.ngay_so_lieu, k.den_ngay
),

lech as (
    select
        'lech_hai_cong' as loai,
        c.ma_don_vi as doi_tuong,
        c.ma_don_vi,
        concat_ws(
            '',
            cast(cast(c.lech as bigint) as varchar), '/', cast(cast(c.xet as bigint) as varchar),
            ' hồ sơ tháng ', substr(c.ky, 6, 2), '/', substr(c.ky, 1, 4), ' khác nhau giữa hệ thống tỉnh và Cổng Dịch vụ công quốc gia.'
        ) as mo_ta,
        greatest({{ so_ngay('c.sau_ky', 'c.ngay_so_lieu') }}, 0) as so_ngay,
        {{ ty_le('c.lech', 'c.xet') }} as gia_tri,
        cast(null as double) as nguong_rieng,
        least(c.sau_ky, c.ngay_so_lieu) as mo_tu_ngay,
        cast(c.lech as bigint) as so_viec
    from hai_cong as c
    inner join nguong as n on n.loai = 'lech_hai_cong'
    where c.ky = c.ky_cuoi and c.xet >= n.toi_thieu and {{ ty_le('c.lech', 'c.xet') }} > n.nguong
),

chi_tieu_thang as (
    select
        c.ma_chi_tieu,
        c.ten_chi_tieu,
        c.pham_vi,
        c.muc_tieu,
        c.thuc_hien,
        c.dat,
        c.ngay_so_lieu,
        not c.cong_don as theo_thang,
        {{ cong_ngay('least(k.den_ngay, c.den_ngay)', 1) }} as sau_ky,
        row_number() over (
            partition by c.ma_chi_tieu, c.pham_vi, c.tu_ngay order by c.ky desc nulls last
        ) as lui,
        {{ so_thang("cast('2000-01-01' as date)", 'k.den_ngay') }} + row_number() over (
            partition by c.ma_chi_tieu, c.pham_vi, c.tu_ngay order by c.ky desc nulls last
        ) as lien,
        c.tu_ngay,
        sum(case when c.dat then 1 else 0 end) over (
            partition by c.ma_chi_tieu, c.pham_vi, c.tu_ngay order by c.ky desc nulls last
            rows between unbounded preceding and current row
        ) as da_dut
    from {{ ref('dieu_hanh__chi_tieu') }} as c
    inner join thang as k on c.ky = k.ky
    where c.tron_ky and c.dat is not null
),

chi_tieu as (
    select
        'chi_tieu_khong_dat' as loai,
        concat_ws('', c.ma_chi_tieu, ' / ', c.pham_vi, ' / ', cast(c.tu_ngay as varchar)) as doi_tuong,
        max(d.ma_don_vi) as ma_don_vi,
        concat_ws(
            '', 'Chỉ tiêu “', max(c.ten_chi_tieu), '” không đạt ',
            case
                when max(case when c.theo_thang then 1 else 0 end) = 1 then concat_ws('', cast(count(*) as varchar), ' tháng liền.')
                else 'trên cả kỳ của mục tiêu.'
            end
        ) as mo_ta,
        max(greatest({{ so_ngay('c.sau_ky', 'c.ngay_so_lieu') }}, 0)) as so_ngay,
        -- A ceiling that what is known exceeds already, while a month of it is not: no figure but its own.
        max(coalesce(c.thuc_hien, c.muc_tieu)) filter (where c.lui = 1) as gia_tri,
        max(c.muc_tieu) filter (where c.lui = 1) as nguong_rieng,
        min(least(c.sau_ky, c.ngay_so_lieu)) as mo_tu_ngay,
        1 as so_viec
    from chi_tieu_thang as c
    inner join chi_tieu_thang as n
        on c.ma_chi_tieu = n.ma_chi_tieu and c.pham_vi = n.pham_vi and c.tu_ngay = n.tu_ngay and c.lien = n.lien and n.lui = 1
    left join don_vi as d on lower(c.pham_vi) = lower(d.ma_don_vi)
    where c.da_dut = 0
    group by c.ma_chi_tieu, c.pham_vi, c.tu_ngay
),

tat_ca as (
    {% for b in ['theo_ho_so', 'cho_so', 'cho_huy', 'lien_thong', 'im_lang', 'cong_bo', 'nhom', 'lech', 'chi_tieu'] %}
        select
            loai,
            doi_tuong,
            ma_don_vi,
            mo_ta,
            so_ngay,
            gia_tri,
            nguong_rieng,
            mo_tu_ngay,
            so_viec
        from {{ b }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

xep as (
    select
        a.*,
        case
            when a.loai = 'sap_den_han' then case when a.so_ngay <= n.nguong_do then 'do' else 'vang' end
            -- in decimals: the difference of the doubles 6.6 and 6.3 is a little less than 0.3
            when a.loai = 'nhom_duoi_binh_quan'
                then
                    case
                        when cast(a.nguong_rieng as decimal(28, 9)) - cast(a.gia_tri as decimal(28, 9)) >= n.nguong_do then 'do'
                        else 'vang'
                    end
            when a.loai = 'chi_tieu_khong_dat'
                then
                    case
                        when
                            abs(cast(a.nguong_rieng as decimal(28, 9)) - cast(a.gia_tri as decimal(28, 9)))
                            >= cast(n.nguong_do as decimal(9, 4)) * abs(cast(a.nguong_rieng as decimal(28, 9)))
                            then 'do'
                        else 'vang'
                    end
            when a.loai = 'lech_hai_cong' then case when a.gia_tri >= n.nguong_do then 'do' else 'vang' end
            when a.so_ngay >= n.nguong_do then 'do'
            else 'vang'
        end as muc_do
    from tat_ca as a
    inner join nguong as n on a.loai = n.loai
)

select
    cast(concat_ws('', a.loai, ':', a.doi_tuong) as varchar) as ma_canh_bao,
    cast(a.loai as varchar) as loai,
    cast(n.ten_loai as varchar) as loai_ten,
    cast(a.muc_do as varchar) as muc_do,
    {{ nhan_danh_muc('muc_do_canh_bao', 'a.muc_do') }} as muc_do_ten,
    cast(a.doi_tuong as varchar) as doi_tuong,
    cast(n.loai_doi_tuong as varchar) as loai_doi_tuong,
    cast(a.ma_don_vi as varchar) as ma_don_vi,
    cast(a.mo_ta as varchar) as mo_ta,
    cast(a.so_ngay as bigint) as so_ngay,
    cast(coalesce(a.gia_tri, a.so_ngay) as double) as gia_tri,
    cast(coalesce(a.nguong_rieng, n.nguong) as double) as nguong,
    cast(a.mo_tu_ngay as date) as mo_tu_ngay,
    cast(a.so_viec as bigint) as so_viec,
    cast(n.can_cu as varchar) as can_cu,
    p.ngay_so_lieu,
    p.phien_ban
from xep as a
inner join nguong as n on a.loai = n.loai
cross join {{ source('so_cai', 'tham_so') }} as p
