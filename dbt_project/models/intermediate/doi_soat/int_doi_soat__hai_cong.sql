{{ config(
    materialized='theo_khoa',
    khoa='ma_ho_so',
    thang='ky',
    theo={
        'int_doi_soat__cap_ho_so': 'ma_ho_so',
    },
    theo_ngay=[
        "select ma_ho_so from trung_gian.int_doi_soat__hai_cong where loai_lech in ('tre_trang_thai', 'som_trang_thai', 'chua_dong_bo', 'chi_co_tren_cong_qg')",
    ],
) }}
-- R12: the verdict on each dossier, the first that applies, with the cause where the data show it. What only one side holds
-- has no verdict (`khong_xet`) where the other has no file for the month of receipt.
with xet as (
    select
        c.*,
        -- A due date printed without a time is compared by its day: whole days on purpose (R3).
        case
            when c.ngay_hen_tra_tinh is null and c.ngay_hen_tra_qg is null then false
            when c.ngay_hen_tra_tinh is null or c.ngay_hen_tra_qg is null then true
            when
                c.ngay_hen_tra_tinh = cast(cast(c.ngay_hen_tra_tinh as date) as timestamp)
                or c.ngay_hen_tra_qg = cast(cast(c.ngay_hen_tra_qg as date) as timestamp)
                then cast(c.ngay_hen_tra_tinh as date) <> cast(c.ngay_hen_tra_qg as date)
            else c.ngay_hen_tra_tinh <> c.ngay_hen_tra_qg
        end as han_khac,
        -- Time limit read as calendar days where the procedure says working days.
        case
            when c.don_vi_thoi_han = 'ngay_lam_viec' then {{ cong_ngay('c.ngay_bat_dau', 'c.thoi_han') }}
        end as han_ngay_lich,
        case
            when c.don_vi_thoi_han = 'ngay_lam_viec'
                then {{ cong_ngay('cast(c.ngay_tiep_nhan_tinh as date)', 'c.thoi_han') }}
        end as han_ngay_lich_tiep_nhan
    from {{ phan_doi(ref('int_doi_soat__cap_ho_so'), 'ma_ho_so') }} as c
),

loai as (
    select
        x.*,
        case
            when not x.co_o_tinh and x.ngay_tiep_nhan_qg is not null and not x.co_tep_tinh then 'khong_xet'
            when not x.co_o_tinh then 'chi_co_tren_cong_qg'
            when not x.co_o_cong_qg and not x.co_tep_qg and not x.cong_qg_cach_ly then 'khong_xet'
            when not x.co_o_cong_qg then 'chua_dong_bo'
            when x.tinh_trang_tinh = 'xong' and x.tinh_trang_qg = 'mo' then 'tre_trang_thai'
            when x.tinh_trang_tinh = 'mo' and x.tinh_trang_qg = 'xong' then 'som_trang_thai'
            when x.tinh_trang_tinh <> x.tinh_trang_qg then 'khac_trang_thai'
            when x.tinh_trang_tinh = 'xong' and x.ket_luan_tinh <> x.ket_qua_qg then 'khac_ket_luan'
            when x.han_khac then 'khac_han'
            else 'khop'
        end as loai_lech,
        coalesce(
            x.han_khac
            and cast(x.ngay_hen_tra_qg as date) in (x.han_ngay_lich, x.han_ngay_lich_tiep_nhan), false
        ) as han_theo_ngay_lich,
        coalesce(
            x.han_khac
            and x.han_khong_tam_dung < cast(x.ngay_hen_tra_tinh as date)
            and cast(x.ngay_hen_tra_qg as date) = x.han_khong_tam_dung, false
        ) as han_khong_tru_tam_dung,
        -- What the portal's due date says of the end that the province recorded, and the other way round.
        x.ket_thuc_tinh > {{ han_luc('x.ngay_hen_tra_qg') }} as qua_han_qg,
        x.ket_thuc_qg > {{ han_luc('x.ngay_hen_tra_tinh') }} as qua_han_ket_thuc_qg
    from xet as x
),

nguyen_nhan as (
    select
        l.*,
        case
            when l.loai_lech = 'chua_dong_bo' and l.cong_qg_cach_ly then 'dong_cua_cong_bi_cach_ly'
            when l.loai_lech = 'tre_trang_thai' and l.ngay_dong_bo < l.ket_thuc_tinh then 'chua_dong_bo_ket_qua'
            when l.loai_lech not in ('khac_ket_luan', 'khac_han') then null
            when l.han_theo_ngay_lich and (l.loai_lech = 'khac_han' or l.qua_han_qg) then 'ngay_lich'
            when l.han_khong_tru_tam_dung and (l.loai_lech = 'khac_han' or l.qua_han_qg) then 'khong_tru_tam_dung'
            when l.loai_lech = 'khac_han' and l.ngay_hen_tra_qg is null then 'cong_qg_khong_co_han'
            when l.loai_lech = 'khac_han' and l.ngay_hen_tra_tinh is null then 'tinh_khong_co_han'
            when l.loai_lech = 'khac_han' then null
            when l.han_khac and l.qua_han_qg = (l.ket_qua_qg = 'qua_han') then 'khac_han'
            when l.ket_thuc_qg > l.ket_thuc_tinh and l.qua_han_ket_thuc_qg and l.ket_qua_qg = 'qua_han'
                then 'dong_bo_ket_qua_muon'
            when l.ket_thuc_qg < l.ket_thuc_tinh and not l.qua_han_ket_thuc_qg and l.ket_qua_qg = 'dung_han'
                then 'ket_qua_som_hon_tren_cong'
            when l.ket_qua_qg <> 'qua_han' then null
            when l.so_lan_bo_sung > 1 then 'bo_sung_nhieu_lan'
            when
                l.han_khong_tam_dung < cast(l.ngay_hen_tra_tinh as date)
                and cast(l.ket_thuc_tinh as date) > l.han_khong_tam_dung
                then 'khong_tru_tam_dung'
            when cast(l.ket_thuc_tinh as date) > l.han_ngay_lich then 'ngay_lich'
        end as nguyen_nhan
    from loai as l
)

select
    n.ma_ho_so,
    n.ma_don_vi,
    n.ma_tthc,
    n.loai_lech,
    n.nguyen_nhan,
    n.ngay_hen_tra_tinh,
    n.ngay_hen_tra_qg,
    coalesce(n.ket_qua_tinh, case when n.co_o_tinh then n.tinh_trang_tinh end) as ket_qua_tinh,
    coalesce(n.ket_qua_qg, case when n.co_o_cong_qg then n.tinh_trang_qg end) as ket_qua_qg,
    case
        when n.loai_lech = 'khac_han'
            then {{ so_ngay('cast(n.ngay_hen_tra_tinh as date)', 'cast(n.ngay_hen_tra_qg as date)') }}
        when n.loai_lech = 'khac_ket_luan' and n.nguyen_nhan in ('dong_bo_ket_qua_muon', 'ket_qua_som_hon_tren_cong')
            then {{ so_ngay('cast(n.ket_thuc_tinh as date)', 'cast(n.ket_thuc_qg as date)') }}
        when n.loai_lech = 'khac_ket_luan'
            then {{ so_ngay('cast(n.ngay_hen_tra_tinh as date)', 'cast(n.ngay_hen_tra_qg as date)') }}
        when n.loai_lech = 'tre_trang_thai' then {{ so_ngay('cast(n.ket_thuc_tinh as date)', 'p.ngay_so_lieu') }}
        when n.loai_lech = 'som_trang_thai' then {{ so_ngay('cast(n.ket_thuc_qg as date)', 'p.ngay_so_lieu') }}
        when n.loai_lech = 'chua_dong_bo' then {{ so_ngay('cast(n.ngay_tiep_nhan_tinh as date)', 'p.ngay_so_lieu') }}
        when n.loai_lech = 'chi_co_tren_cong_qg'
            then {{ so_ngay('cast(n.ngay_tiep_nhan_qg as date)', 'p.ngay_so_lieu') }}
    end as so_ngay_lech,
    n.kenh,
    n.duoc_tiep_nhan,
    n.ket_luan_tinh,
    n.tinh_trang_tinh,
    n.tinh_trang_qg,
    n.ket_qua_qg as ket_luan_qg,
    n.trang_thai_tinh,
    n.trang_thai_qg,
    n.ngay_tiep_nhan_tinh,
    n.ngay_tiep_nhan_qg,
    n.ket_thuc_tinh,
    n.ket_thuc_qg,
    n.ngay_dong_bo,
    {{ ky_thang('cast(coalesce(n.ngay_tiep_nhan_tinh, n.ngay_tiep_nhan_qg) as date)') }} as ky
from nguyen_nhan as n
cross join {{ source('so_cai', 'tham_so') }} as p -- noqa: AL05
