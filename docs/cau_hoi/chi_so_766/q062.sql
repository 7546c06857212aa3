-- mã: Q-062
-- nhóm: Bộ chỉ số 766
-- mức: cốt lõi
-- câu hỏi: Điểm từng nhóm, điểm tối đa và tổng điểm?
-- nghĩa: Điểm Cổng quốc gia công bố cho từng nhóm và tổng, điểm tối đa, và điểm kho tự tính từ hồ sơ.
-- giới hạn: Tổng 83,7/100 không được in; nó là tổng sáu nhóm in. Điểm kho tính để trống khi thiếu nguồn.
-- cách trả lời: tính từ dữ liệu
-- cột: ky, ten_nhom, diem_cong_qg, diem_toi_da, diem_kho_tinh, so_in
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH cong AS (
        SELECT *
        FROM chi_so_766.tong_hop
        WHERE la_toan_tinh AND tron_ky AND loai_ky = 'thang' AND diem_cong_qg IS NOT NULL
        QUALIFY ky = max(ky) OVER ()
    )

    SELECT
        t.ky,
        t.ten_nhom,
        t.diem_cong_qg,
        t.diem_toi_da_day_du AS diem_toi_da,
        t.diem_hien_thi AS diem_kho_tinh,
        CASE t.nhom
            WHEN 'cong_khai' THEN doi_soat.so_in('S4-105')
            WHEN 'tien_do' THEN doi_soat.so_in('S4-108')
            WHEN 'truc_tuyen' THEN doi_soat.so_in('S4-110')
            WHEN 'thanh_toan' THEN doi_soat.so_in('S4-118')
            WHEN 'so_hoa' THEN doi_soat.so_in('S4-124')
            WHEN 'hai_long' THEN doi_soat.so_in('S4-133')
        END AS so_in
    FROM cong AS t
    ORDER BY t.nhom = 'tong', t.nhom
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn bo_chi_so_766/diem sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
