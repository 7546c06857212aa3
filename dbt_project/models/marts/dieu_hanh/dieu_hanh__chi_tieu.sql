-- Targets against what the warehouse counts (R5, and what dossiers are marked with) for each calendar month in which the target holds, cut to the target's days, up to
-- the as-of month, whether dossiers came for it or not. A metric that the warehouse does not count, or a scope it does not know, has no result; shares are fractions on
-- both sides. Shares and states are of the month; what is counted over a period is owed over the whole of the target's, so it adds
-- up from the target's first day and has no verdict before the last, unless it can no longer change. A figure that rests on a month
-- without a file of its feed is unknown, not less: what is known of a sum decides only where more would change nothing. What is counted
-- from other tables than dossiers is listed, source by source, in macros/chi_tieu_khac.sql: petitions by the target's own days, states
-- (catalogue, training, digitisation) as of the last of them, ratings and Bộ chỉ số 766 of whole months.
with muc_tieu as (
    select
        m.ma_chi_tieu,
        c.ma_chuan,
        coalesce(g.ten, c.ten, m.ma_chi_tieu) as ten_chi_tieu,
        m.pham_vi,
        m.tu_ngay,
        m.den_ngay,
        m.chieu,
        m.so_van_ban,
        coalesce(coalesce(g.nguon_mart, c.nguon_mart) in ('tthc.bieu_giai_quyet', 'tthc.ho_so'), false) as kho_dem,
        {{ cua_nguon_khac('c.ma_chuan', 'dem') }} as dem_khac,
        coalesce({{ cua_nguon_khac('c.ma_chuan', 'khong') }}, false) as trong_la_khong,
        coalesce({{ cua_nguon_khac('c.ma_chuan', 'tep') }}, '') as tep_khac,
        coalesce(g.don_vi_tinh, c.don_vi_tinh) = '%' as la_ty_le,
        coalesce(
            coalesce(g.don_vi_tinh, c.don_vi_tinh) <> '%'
            and coalesce(g.tinh_chat, c.tinh_chat) = 'ky'
            and coalesce(g.cong_duoc, c.cong_duoc),
            false
        ) as cong_don,
        case
            when
                coalesce(g.don_vi_tinh, c.don_vi_tinh) = '%'
                and (m.gia_tri > 1 or position('%' in m.gia_tri_goc) > 0)
                -- a product of decimals: the quotient of a double is not the double that an equal share is
                then cast(m.gia_tri * cast(0.01 as decimal(3, 2)) as double)
            else cast(m.gia_tri as double)
        end as gia_tri
    from {{ ref('stg_chi_dao__muc_tieu') }} as m
    left join {{ ref('chi_tieu') }} as c on lower(trim(m.ma_chi_tieu)) = c.chi_tieu
    left join {{ ref('chi_tieu') }} as g on c.ma_chuan = g.chi_tieu
),

thang as (
    select
        {{ ky_thang('l.ngay') }} as ky,
        l.ngay as tu_ngay,
        {{ cuoi_thang('l.ngay') }} as den_ngay
    from {{ ref('lich') }} as l
    cross join {{ source('so_cai', 'tham_so') }} as p
    where extract(day from l.ngay) = 1 and l.ngay <= p.ngay_so_lieu
),

ky as (
    select
        m.ma_chi_tieu,
        m.pham_vi,
        m.tu_ngay,
        k.ky,
        case when m.cong_don then m.tu_ngay else greatest(m.tu_ngay, k.tu_ngay) end as dau_ky,
        least(m.den_ngay, k.den_ngay) as cuoi_ky
    from muc_tieu as m
    inner join thang as k on m.tu_ngay <= k.den_ngay and m.den_ngay >= k.tu_ngay
),

ky_can as (
    select distinct
        y.dau_ky,
        y.cuoi_ky
    from ky as y
    inner join muc_tieu as m on y.ma_chi_tieu = m.ma_chi_tieu and y.pham_vi = m.pham_vi and y.tu_ngay = m.tu_ngay
    where m.kho_dem
),

dem as (
    select
        w.dau_ky,
        w.cuoi_ky,
        h.ma_don_vi,
        h.cap,
        {{ dem_giai_quyet('w.dau_ky', 'w.cuoi_ky') }},
        {{ dem_chi_tieu_ho_so('w.dau_ky', 'w.cuoi_ky') }}
    from ky_can as w
    inner join {{ ref('int_tthc__ho_so_ket_qua') }} as h on ({{ thuoc_ky('w.dau_ky', 'w.cuoi_ky') }})
    group by w.dau_ky, w.cuoi_ky, h.ma_don_vi, h.cap
),

-- Marks that the exports of a window carry at all, in the whole province.
co_ghi as (
    select
        d.dau_ky,
        d.cuoi_ky,
        {% for c in chi_tieu_ho_so() %}sum(d.biet_{{ c.ma }}) as biet_{{ c.ma }}{{ ', ' if not loop.last }}{% endfor %}
    from dem as d
    group by d.dau_ky, d.cuoi_ky
),

theo_pham_vi as (
    select
        m.ma_chi_tieu,
        m.pham_vi,
        m.tu_ngay,
        y.ky,
        {% for c in cot_giai_quyet() + cot_chi_tieu_ho_so() %}coalesce(sum(d.{{ c }}), 0) as {{ c }}, {% endfor %}
        count(d.cuoi_ky) as so_dong
    from muc_tieu as m
    inner join ky as y on m.ma_chi_tieu = y.ma_chi_tieu and m.pham_vi = y.pham_vi and m.tu_ngay = y.tu_ngay
    left join dem as d
        on
            y.dau_ky = d.dau_ky
            and y.cuoi_ky = d.cuoi_ky
            and (m.pham_vi = 'toan_tinh' or m.pham_vi = d.cap or lower(m.pham_vi) = lower(d.ma_don_vi))
    group by m.ma_chi_tieu, m.pham_vi, m.tu_ngay, y.ky
),

-- Months from the figure's first to its last, and those of them for which a file of its feed came.
thang_co_tep as (
    select
        y.ma_chi_tieu,
        y.pham_vi,
        y.tu_ngay,
        y.ky,
        count(n.ky) as so_thang
    from ky as y
    inner join muc_tieu as m on y.ma_chi_tieu = m.ma_chi_tieu and y.pham_vi = m.pham_vi and y.tu_ngay = m.tu_ngay
    inner join {{ ref('int_nguon__ky') }} as n
        on
            n.nguon_du_lieu = case when m.kho_dem then 'dvc/ho_so' else m.tep_khac end
            and {{ ky_thang('y.dau_ky') }} <= n.ky
            and y.ky >= n.ky
    group by y.ma_chi_tieu, y.pham_vi, y.tu_ngay, y.ky
),

cap_don_vi as (
    select
        v.ma_don_vi,
        v.cap
    from {{ ref('tthc__don_vi') }} as v
    where v.moi_nhat
),

ky_khac as (
    select
        m.ma_chi_tieu,
        m.pham_vi,
        m.tu_ngay,
        m.ma_chuan,
        m.dem_khac as dem,
        y.ky,
        y.dau_ky,
        y.cuoi_ky,
        least(y.cuoi_ky, p.ngay_so_lieu) as den
    from muc_tieu as m
    inner join ky as y on m.ma_chi_tieu = y.ma_chi_tieu and m.pham_vi = y.pham_vi and m.tu_ngay = y.tu_ngay
    cross join {{ source('so_cai', 'tham_so') }} as p
    where m.dem_khac is not null
),

dem_danh_gia as (
    select
        w.dau_ky,
        w.cuoi_ky,
        d.*
    from {{ ky_cua_nguon('dem_danh_gia') }}
    inner join {{ ref('tthc__danh_gia') }} as d on w.ky = d.ky
),

dem_pakn_thang as (
    select
        w.dau_ky,
        w.cuoi_ky,
        d.*
    from {{ ky_cua_nguon('dem_pakn_thang') }}
    inner join {{ ref('tthc__pakn') }} as d on w.ky = d.ky
),

dem_pakn as (
    {{ dem_pakn(
        {'dau_ky': 'w.dau_ky', 'cuoi_ky': 'w.cuoi_ky', 'ma_don_vi': 'k.ma_don_vi', 'cap': 'k.cap', 'loai': 'k.loai'},
        'w.dau_ky', 'w.cuoi_ky', 'cross join ' ~ ky_cua_nguon('dem_pakn')
    ) }}
),

-- The versions of procedures in force on the day, one a procedure.
dem_danh_muc as (
    select x.*
    from (
        select
            w.dau_ky,
            w.cuoi_ky,
            v.ma_don_vi,
            v.cap,
            v.nguon,
            v.mot_cua,
            v.nam_buoc,
            v.khong_giay,
            v.thiet_yeu,
            v.muc_do_dvc,
            v.noi_bo,
            row_number() over (
                partition by w.dau_ky, w.cuoi_ky, v.ma_tthc order by v.hieu_luc_tu desc nulls last
            ) as hang
        from {{ ky_cua_nguon('dem_danh_muc') }}
        inner join {{ ref('tthc__danh_muc') }} as v
            on w.den >= v.hieu_luc_tu and (v.hieu_luc_den is null or w.den <= v.hieu_luc_den)
        where v.ma_tthc is not null
    ) as x
    where x.hang = 1
),

-- Procedures with a version that was published by decision, or made public, in the window; under their newest agency and level.
dem_cong_bo as (
    select
        w.dau_ky,
        w.cuoi_ky,
        v.ma_tthc,
        max(case when v.moi_nhat then v.ma_don_vi end) as ma_don_vi,
        max(case when v.moi_nhat then v.cap end) as cap,
        max(
            case when v.ngay_tinh_cong_bo >= w.dau_ky and v.ngay_tinh_cong_bo <= w.den then 1 when v.ngay_tinh_cong_bo is not null then 0 end
        ) as cong_bo,
        max(
            case when v.ngay_cong_khai >= w.dau_ky and v.ngay_cong_khai <= w.den then 1 when v.ngay_cong_khai is not null then 0 end
        ) as cong_khai
    from {{ ky_cua_nguon('dem_cong_bo') }}
    cross join {{ ref('tthc__danh_muc') }} as v
    where v.ma_tthc is not null and not coalesce(v.noi_bo, false)
    group by w.dau_ky, w.cuoi_ky, v.ma_tthc
),

-- Courses are known by their names, as in questions Q-108 and Q-109.
dem_dao_tao as (
    select
        d.*,
        lower(d.khoa_hoc) like '%an toàn thông tin%' as an_toan_thong_tin,
        lower(d.khoa_hoc) like '%mooc%' as mooc
    from {{ dao_tao_den('w.den', ky_cua_nguon('dem_dao_tao'), ['w.dau_ky', 'w.cuoi_ky']) }} as d
    where d.hang = 1
),

dem_so_hoa as (
    select
        w.dau_ky,
        w.cuoi_ky,
        d.ma_don_vi,
        sum(d.them_phe_duyet) as da_phe_duyet,
        sum(d.them_truong_hop) as so_truong_hop
    from {{ ky_cua_nguon('dem_so_hoa') }}
    inner join {{ ref('int_ho_tich__so_hoa_doi') }} as d on w.den >= d.ngay
    group by w.dau_ky, w.cuoi_ky, d.ma_don_vi
),

dem_766 as (
    select
        w.dau_ky,
        w.cuoi_ky,
        d.ma_don_vi,
        d.cap,
        d.ma_chi_so,
        d.tu_so,
        d.mau_so,
        d.la_toan_tinh
    from {{ ky_cua_nguon('dem_766') }}
    inner join {{ ref('int_chi_so_766__diem_thanh_phan') }} as d on w.ky = d.ky
),

-- Points do not add up: where a month has two provinces (an old code and a new one), the province's are unknown.
dem_diem_766 as (
    select x.*
    from (
        select
            w.dau_ky,
            w.cuoi_ky,
            d.ma_don_vi,
            d.nhom,
            d.diem_cong_qg,
            d.xep_hang_cong_qg,
            d.la_toan_tinh,
            count(*) over (partition by w.dau_ky, w.cuoi_ky, d.nhom, d.la_toan_tinh) as so_tinh
        from {{ ky_cua_nguon('dem_diem_766') }}
        inner join {{ ref('chi_so_766__tong_hop') }} as d on w.ky = d.ky
        where d.diem_cong_qg is not null or d.xep_hang_cong_qg is not null
    ) as x
    where not x.la_toan_tinh or x.so_tinh = 1
),

khac as (
    {% for n in nguon_chi_tieu_khac() -%}
        select
            y.ma_chi_tieu,
            y.pham_vi,
            y.tu_ngay,
            y.ky,
            {{ tong_chi_tieu_khac(n, 'y.ma_chuan', 0) }} as tu_so,
            {{ tong_chi_tieu_khac(n, 'y.ma_chuan', 1) }} as mau_so
        from ky_khac as y
        inner join {{ n.dem }} as d on y.dau_ky = d.dau_ky and y.cuoi_ky = d.cuoi_ky
        {% if n.cap == 'v.cap' -%}
            left join cap_don_vi as v on d.ma_don_vi = v.ma_don_vi
        {% endif -%}
        where
            y.dem = '{{ n.dem }}'
            and (
                (y.pham_vi = 'toan_tinh' and {{ n.ca_tinh or 'true' }})
                or y.pham_vi = {{ n.cap }}
                or lower(y.pham_vi) = lower(d.ma_don_vi)
            )
        group by y.ma_chi_tieu, y.pham_vi, y.tu_ngay, y.ky
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

ket_qua as (
    select
        m.*,
        y.ky,
        y.cuoi_ky,
        (not m.kho_dem and m.tep_khac = '')
        or coalesce(t.so_thang, 0) = {{ so_thang('y.dau_ky', 'y.cuoi_ky') }} as du_tep,
        case
            when m.dem_khac is null then null
            when m.la_ty_le then {{ ty_le('x.tu_so', 'x.mau_so') }}
            when m.trong_la_khong and (m.pham_vi in ('toan_tinh', 'tinh', 'huyen', 'xa') or u.ma_don_vi is not null)
                then coalesce(x.tu_so, 0)
            else x.tu_so
        end as thuc_hien_khac,
        case
            when
                m.kho_dem and (m.pham_vi in ('toan_tinh', 'tinh', 'huyen', 'xa') or u.ma_don_vi is not null)
                then cast(coalesce(
                    {{ so_dem_cua_chi_tieu('m.ma_chuan', 'd') }},
                    case
                        when {{ so_cua_chi_tieu_ho_so('m.ma_chuan', 'b', 'biet') }} > 0
                            then {{ so_cua_chi_tieu_ho_so('m.ma_chuan', 'd', 'tu') }}
                    end
                ) as bigint)
        end as tu_so,
        cast(case
            when not m.kho_dem then null
            when m.pham_vi not in ('toan_tinh', 'tinh', 'huyen', 'xa') and u.ma_don_vi is null then null
            when m.ma_chuan = 'ty_le_truc_tuyen' then d.tiep_nhan - d.ky_truoc
            when m.ma_chuan = 'ty_le_dung_va_truoc_han' then d.da_giai_quyet - d.khong_han
            when {{ so_cua_chi_tieu_ho_so('m.ma_chuan', 'b', 'biet') }} > 0
                then {{ so_cua_chi_tieu_ho_so('m.ma_chuan', 'd', 'mau') }}
        end as bigint) as mau_so
    from muc_tieu as m
    inner join ky as y on m.ma_chi_tieu = y.ma_chi_tieu and m.pham_vi = y.pham_vi and m.tu_ngay = y.tu_ngay
    left join theo_pham_vi as d
        on m.ma_chi_tieu = d.ma_chi_tieu and m.pham_vi = d.pham_vi and m.tu_ngay = d.tu_ngay and y.ky = d.ky
    left join khac as x
        on m.ma_chi_tieu = x.ma_chi_tieu and m.pham_vi = x.pham_vi and m.tu_ngay = x.tu_ngay and y.ky = x.ky
    left join co_ghi as b on y.dau_ky = b.dau_ky and y.cuoi_ky = b.cuoi_ky
    left join thang_co_tep as t
        on m.ma_chi_tieu = t.ma_chi_tieu and m.pham_vi = t.pham_vi and m.tu_ngay = t.tu_ngay and y.ky = t.ky
    left join (
        select distinct lower(ma_don_vi) as ma_don_vi
        from {{ ref('stg_dvc__co_quan') }}
    ) as u on lower(m.pham_vi) = u.ma_don_vi
),

thuc_hien as (
    select
        q.*,
        case
            when q.dem_khac is not null then q.thuc_hien_khac
            when q.la_ty_le then {{ ty_le('q.tu_so', 'q.mau_so') }}
            else cast(q.tu_so as double)
        end as thuc_hien
    from ket_qua as q
)

select
    k.ma_chi_tieu,
    k.ten_chi_tieu,
    k.pham_vi,
    k.tu_ngay,
    k.den_ngay,
    k.ky,
    k.cuoi_ky <= p.ngay_so_lieu as tron_ky,
    k.chieu,
    {{ nhan_danh_muc('chieu_muc_tieu', 'k.chieu') }} as chieu_ten,
    k.la_ty_le,
    k.gia_tri as muc_tieu,
    case when k.du_tep then k.thuc_hien end as thuc_hien,
    k.ma_chuan,
    k.cong_don,
    case when k.du_tep then k.tu_so end as tu_so,
    case when k.du_tep then k.mau_so end as mau_so,
    case when k.du_tep then k.thuc_hien - k.gia_tri end as chenh_lech,
    case
        when k.cong_don and (k.cuoi_ky < k.den_ngay or k.cuoi_ky > p.ngay_so_lieu or not k.du_tep)
            then case
                when k.chieu = 'it_nhat' and k.thuc_hien >= k.gia_tri then true
                when k.chieu = 'nhieu_nhat' and k.thuc_hien > k.gia_tri then false
            end
        when not k.du_tep then null
        when k.chieu = 'it_nhat' then k.thuc_hien >= k.gia_tri
        when k.chieu = 'nhieu_nhat' then k.thuc_hien <= k.gia_tri
    end as dat,
    k.so_van_ban,
    p.ngay_so_lieu,
    p.phien_ban
from thuc_hien as k
cross join {{ source('so_cai', 'tham_so') }} as p
