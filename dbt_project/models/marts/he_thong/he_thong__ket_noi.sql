-- Systems and their connections through time, with the version of the as-of day marked.
select
    k.ma_he_thong,
    {{ da_che('k.ten') }} as ten,
    {{ da_che('k.chu_quan') }} as chu_quan,
    k.loai,
    {{ nhan_danh_muc('loai_he_thong', 'k.loai') }} as loai_ten,
    k.dung_chung,
    k.qua,
    {{ nhan_danh_muc('duong_ket_noi', 'k.qua') }} as qua_ten,
    k.trang_thai,
    {{ nhan_danh_muc('trang_thai_ket_noi', 'k.trang_thai') }} as trang_thai_ten,
    k.so_van_ban,
    k.hieu_luc_tu,
    k.hieu_luc_den,
    -- one version a system: the newest of those that hold on the day
    coalesce(
        k.hieu_luc_tu <= p.ngay_so_lieu
        and (k.hieu_luc_den is null or k.hieu_luc_den >= p.ngay_so_lieu)
        and row_number() over (
            partition by
                k.ma_he_thong,
                k.hieu_luc_tu <= p.ngay_so_lieu and (k.hieu_luc_den is null or k.hieu_luc_den >= p.ngay_so_lieu)
            order by k.hieu_luc_tu desc nulls last
        ) = 1,
        false
    ) as hien_hanh,
    p.ngay_so_lieu,
    p.phien_ban
from {{ ref('stg_he_thong__ket_noi') }} as k
cross join {{ source('so_cai', 'tham_so') }} as p
