-- Month × procedure in force on the month's last day, as it stood then. `ma_don_vi`: the agency in charge, where the
-- catalogue's text is the code or the name of exactly one agency at work.
with don_vi as (
    select
        ky,
        ten_chuan,
        min(ma_don_vi) as ma_don_vi
    from (
        select
            ky,
            {{ dang_chuan('ten_don_vi') }} as ten_chuan,
            ma_don_vi
        from {{ ref('int_chi_so_766__don_vi_ky') }}
        where hoat_dong
        union all
        select
            ky,
            {{ dang_chuan('ma_don_vi') }} as ten_chuan,
            ma_don_vi
        from {{ ref('int_chi_so_766__don_vi_ky') }}
        where hoat_dong
    ) as x
    group by ky, ten_chuan
    having count(distinct ma_don_vi) = 1
),

phien_ban as (
    select
        k.ky,
        k.tu_ngay,
        k.xet_ngay,
        v.ma_tthc,
        v.ten_tthc,
        v.cap,
        v.muc_do_dvc,
        v.co_phi,
        v.thanh_toan_truc_tuyen,
        v.ngay_cong_khai,
        v.du_bo_phan,
        {{ dang_chuan('v.co_quan') }} as co_quan,
        row_number() over (partition by k.ky, v.ma_tthc order by v.hieu_luc_tu desc nulls last) as rn
    from {{ ref('int_tthc__phien_ban') }} as v
    inner join {{ ref('int_chi_so_766__ky') }} as k
        on v.hieu_luc_tu <= k.xet_ngay and (v.hieu_luc_den is null or v.hieu_luc_den >= k.xet_ngay)
)

select
    v.ky,
    v.ma_tthc,
    v.ten_tthc,
    v.cap,
    v.muc_do_dvc,
    coalesce(v.muc_do_dvc in ('toan_trinh', 'mot_phan'), false) as truc_tuyen,
    v.co_phi,
    v.thanh_toan_truc_tuyen,
    coalesce(v.ngay_cong_khai <= v.xet_ngay, false) as da_cong_khai,
    v.du_bo_phan,
    d.ma_don_vi
from phien_ban as v
left join don_vi as d on v.ky = d.ky and v.co_quan = d.ten_chuan
where v.rn = 1
