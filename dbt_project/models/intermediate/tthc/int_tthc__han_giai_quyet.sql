{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='han_khong_tam_dung',
    theo={
        'int_tthc__tam_dung': 'ma_ho_so',
        'int_tthc__ho_so_goc': 'ma_ho_so',
    },
) }}
-- R3 and R3b: due dates of each dossier that has a time limit: with the pauses subtracted (`han_tinh_lai`), and
-- in the law's reading, where the limit starts again when the last supplement is complete (`han_phap_luat`).
with nghi as (
    select
        ma_ho_so,
        sum(case when duoc_tinh then so_ngay else 0 end) as so_ngay_tam_dung,
        max(case when hoan_thanh then den_luc end) as bo_sung_xong_luc,
        max(case when con_cho then 1 else 0 end) as con_cho
    from {{ phan_doi(ref('int_tthc__tam_dung'), 'ma_ho_so') }}
    group by ma_ho_so
),

han as (
    select
        h.ma_ho_so,
        h.so_thu_tu_han,
        h.ngay_han,
        h.don_vi_thoi_han,
        h.thoi_han,
        h.ngay_bat_dau,
        cast(coalesce(n.so_ngay_tam_dung, 0) as integer) as so_ngay_tam_dung,
        n.bo_sung_xong_luc,
        -- awaited: by the steps, or by the newest state where the steps do not tell
        h.phan_loai = 'dang_xu_ly'
        and (coalesce(n.con_cho = 1, false) or coalesce(h.trang_thai = 'yeu_cau_bo_sung', false)) as con_cho,
        -- the restarted limit of R3b, by the rules of R3 from the moment the supplement came in
        case
            when h.don_vi_thoi_han = 'trong_ngay'
                then
                    l.so_thu_tu_ke
                    + case
                        when not l.la_ngay_lam_viec or extract(hour from n.bo_sung_xong_luc) < 15 then 0 else 1
                    end
            when h.don_vi_thoi_han = 'gio' then l.so_thu_tu_ke + {{ lam_tron_len_8('h.thoi_han') }}
            when h.don_vi_thoi_han = 'ngay_lam_viec' then l.so_thu_tu_ke + h.thoi_han
        end as so_thu_tu_han_lai,
        case
            when h.don_vi_thoi_han = 'ngay' then {{ cong_ngay('l.ngay_lam_viec_ke', 'h.thoi_han') }}
        end as ngay_han_lai
    from {{ phan_doi(ref('int_tthc__ho_so_goc'), 'ma_ho_so') }} as h
    left join nghi as n on h.ma_ho_so = n.ma_ho_so
    left join {{ ref('int_tthc__lich_lam_viec') }} as l on cast(n.bo_sung_xong_luc as date) = l.ngay
    where h.so_thu_tu_han is not null or h.ngay_han is not null
)

select
    h.ma_ho_so,
    h.so_ngay_tam_dung,
    coalesce(a.ngay, b.ngay_lam_viec_ke) as han_tinh_lai,
    case when not h.con_cho then coalesce(c.ngay, d.ngay_lam_viec_ke) end as han_phap_luat,
    coalesce(e.ngay, f.ngay_lam_viec_ke) as han_khong_tam_dung,
    -- N read as days of the calendar, from the day the receipt counts from; neither pauses nor days off
    case
        when h.don_vi_thoi_han = 'trong_ngay' then coalesce(e.ngay, f.ngay_lam_viec_ke)
        when h.don_vi_thoi_han = 'gio' then {{ cong_ngay('h.ngay_bat_dau', lam_tron_len_8('h.thoi_han')) }}
        else {{ cong_ngay('h.ngay_bat_dau', 'h.thoi_han') }}
    end as han_theo_ngay_lich
from han as h
left join {{ ref('int_tthc__lich_lam_viec') }} as e on e.la_ngay_lam_viec and h.so_thu_tu_han = e.so_thu_tu
left join {{ ref('int_tthc__lich_lam_viec') }} as f on h.ngay_han = f.ngay
left join {{ ref('int_tthc__lich_lam_viec') }} as a on a.la_ngay_lam_viec and h.so_thu_tu_han + h.so_ngay_tam_dung = a.so_thu_tu
left join {{ ref('int_tthc__lich_lam_viec') }} as b on {{ cong_ngay('h.ngay_han', 'h.so_ngay_tam_dung') }} = b.ngay
left join {{ ref('int_tthc__lich_lam_viec') }} as c
    on
        c.la_ngay_lam_viec
        and case when h.bo_sung_xong_luc is null then h.so_thu_tu_han else h.so_thu_tu_han_lai end = c.so_thu_tu
left join {{ ref('int_tthc__lich_lam_viec') }} as d
    on case when h.bo_sung_xong_luc is null then h.ngay_han else h.ngay_han_lai end = d.ngay
