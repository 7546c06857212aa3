-- mã: Q-014
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Bao nhiêu hồ sơ bị trả lại và do lý do nào?
-- nghĩa: Hồ sơ bị từ chối, rút hoặc dừng trong kỳ theo nhóm lý do; cuối bảng là các số báo cáo in.
-- giới hạn: Báo cáo in 332, nhưng 79 + 256 = 335 (chênh 3). Kho kể cả hồ sơ từ chối khi tiếp nhận nên không so từng lý do.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, tu_choi_tiep_nhan, cong_dan_rut, dung_xu_ly
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT *
    FROM (
        SELECT
            concat('Kho: ', ly_do) AS noi_dung,
            CAST(so_ho_so AS DOUBLE) AS gia_tri,
            tu_choi_tiep_nhan,
            cong_dan_rut,
            dung_xu_ly
        FROM tthc.bieu_tra_lai('2023-12-15', '2024-06-30')
        WHERE pham_vi = 'toan_tinh'
        UNION ALL BY NAME
        SELECT
            concat('Báo cáo in: ', ten_chi_tieu) AS noi_dung,
            CAST(gia_tri AS DOUBLE) AS gia_tri
        FROM doi_soat.so_lieu_bao_cao
        WHERE ma_so_lieu IN ('S4-165', 'S4-167', 'S4-168')
    )
    ORDER BY starts_with(noi_dung, 'Báo cáo in'), gia_tri DESC, noi_dung
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào bị trả lại trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
