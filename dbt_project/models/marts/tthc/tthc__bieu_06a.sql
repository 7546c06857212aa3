{{ config(materialized='bang_macro', tham_so=['tu_ngay', 'den_ngay'], contract={'enforced': false}) }}
-- R16: form II.06a is R5 folded. Withdrawn and stopped dossiers and those finished without a due date are
-- finished on time; those in progress without a due date are within time.
select
    d.cap,
    d.linh_vuc,
    d.tiep_nhan as nhan_tong_so,
    d.truc_tuyen as nhan_truc_tuyen,
    d.truc_tiep + d.buu_chinh + d.khong_ro_kenh as nhan_truc_tiep_buu_chinh,
    d.ky_truoc as nhan_tu_ky_truoc,
    d.da_giai_quyet + d.tra_lai as giai_quyet_tong_so,
    d.truoc_han as giai_quyet_truoc_han,
    d.dung_han + d.khong_han + d.tra_lai as giai_quyet_dung_han,
    d.qua_han as giai_quyet_qua_han,
    d.dang_giai_quyet as dang_giai_quyet_tong_so,
    d.dang_trong_han + d.dang_khong_han as dang_giai_quyet_trong_han,
    d.dang_qua_han as dang_giai_quyet_qua_han
from (
    select
        n.cap,
        n.linh_vuc,
        {{ dem_nhom('n.nhan', 'n.ra', 'n.so') }}
    from (
        {{ nhom_giai_quyet(
            {'cap': "coalesce(h.cap, 'khong_ro')", 'linh_vuc': "coalesce(h.linh_vuc, 'Chưa rõ lĩnh vực')"},
            'tu_ngay', 'den_ngay'
        ) }}
    ) as n
    group by n.cap, n.linh_vuc
) as d
where d.tiep_nhan > 0
order by
    case d.cap when 'tinh' then 1 when 'huyen' then 2 when 'xa' then 3 else 4 end asc nulls last,
    d.linh_vuc asc nulls last
