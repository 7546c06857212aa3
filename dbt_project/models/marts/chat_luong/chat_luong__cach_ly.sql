with hang as (
    select
        d.ma_tep,
        d.trang_tinh,
        d.dong,
        d.khoa,
        d.sua_lan,
        t.nguon_du_lieu,
        t.so_lan,
        t.thoi_diem,
        t.sha256
    from {{ source('so_cai', 'dong_cach_ly') }} as d
    left join {{ source('so_cai', 'tep') }} as t on d.ma_tep = t.ma_tep
),

-- Rows of the raw layer whose key once was quarantined in the same feed.
nap as (
    {% for bang in bang_tho() %}
        select
            '{{ bang | replace("__", "/", 1) }}' as nguon_du_lieu,
            r._khoa as khoa,
            r._ma_tep as ma_tep,
            r._trang_tinh as trang_tinh,
            r._dong as dong,
            r._thoi_diem as thoi_diem
        from {{ source('tho', bang) }} as r
        inner join (
            select distinct khoa from hang
            where nguon_du_lieu = '{{ bang | replace("__", "/", 1) }}' and khoa is not null
        ) as k on r._khoa = k.khoa
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

-- Mended: the key loaded in a later run, from a newer state, or further down the same sheet; or the very row was read
-- sound once the contract or a code list had changed (sua_lan).
sua as (
    select distinct
        h.ma_tep,
        h.trang_tinh,
        h.dong
    from hang as h
    inner join nap as n on h.nguon_du_lieu = n.nguon_du_lieu and h.khoa = n.khoa
    inner join {{ source('so_cai', 'tep') }} as t on n.ma_tep = t.ma_tep
    where
        t.so_lan > h.so_lan
        or (h.ma_tep = n.ma_tep and h.trang_tinh = n.trang_tinh and h.dong < n.dong)
        or (
            h.ma_tep <> n.ma_tep
            and (
                coalesce(n.thoi_diem, t.thoi_diem) > h.thoi_diem
                or (coalesce(n.thoi_diem, t.thoi_diem) = h.thoi_diem and t.sha256 > h.sha256)
            )
        )
)

select
    cast(c.ma_tep as varchar) as ma_tep,
    cast({{ da_che('c.trang_tinh') }} as varchar) as trang_tinh,
    cast(c.dong as bigint) as dong,
    cast(
        case c.ly_do
            when 'thieu_khoa' then 'Thiếu một phần của khóa'
            when 'thieu_bat_buoc' then 'Thiếu giá trị bắt buộc'
            when 'khong_doc_duoc' then 'Không đọc được giá trị bắt buộc'
            when 'ngoai_danh_muc' then 'Giá trị bắt buộc không có trong danh mục'
            when 'so_bi_hong' then 'Mã hoặc số định danh bị phần mềm bảng tính làm mất chữ số'
            when 'thua_o' then 'Dòng có nhiều ô hơn dòng tiêu đề, các giá trị có thể lệch cột'
            when 'thieu_o' then 'Dòng có ít ô hơn dòng tiêu đề'
            when 'dong_bi_cat' then 'Dòng cuối của tệp bị cắt giữa chừng'
            else c.ly_do
        end as varchar
    ) as ly_do,
    cast(c.cot as varchar) as cot,
    cast(case when s.ma_tep is not null or h.sua_lan is not null then 'da_sua' else 'con' end as varchar) as trang_thai,
    {{ nhan_danh_muc('trang_thai_cach_ly', "case when s.ma_tep is not null or h.sua_lan is not null then 'da_sua' else 'con' end") }} as trang_thai_ten,
    cast(c.ly_do as varchar) as ma_ly_do,
    cast(h.nguon_du_lieu as varchar) as nguon_du_lieu,
    cast(p.ngay_so_lieu as date) as ngay_so_lieu,
    cast(p.phien_ban as varchar) as phien_ban
from (
    select distinct
        ma_tep,
        trang_tinh,
        dong,
        cot,
        ly_do
    from {{ source('so_cai', 'cach_ly') }}
) as c
cross join {{ source('so_cai', 'tham_so') }} as p
left join hang as h on c.ma_tep = h.ma_tep and c.trang_tinh = h.trang_tinh and c.dong = h.dong
left join sua as s on c.ma_tep = s.ma_tep and c.trang_tinh = s.trang_tinh and c.dong = s.dong
