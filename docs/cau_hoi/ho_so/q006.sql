-- mã: Q-006
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Tỷ lệ giải quyết đúng và trước hạn của từng cấp, tính lại từ hồ sơ?
-- nghĩa: Đúng và trước hạn trên hồ sơ đã giải quyết có hạn, tính lại từ hồ sơ, theo phần trăm.
-- giới hạn: Báo cáo in 98,8% cho cấp huyện nhưng tử và mẫu in (46.127/46.426) cho 99,36%; kho tính từ hồ sơ được số thứ ba.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH kho AS (
    SELECT *
    FROM tthc.bieu_giai_quyet('2023-12-15', '2024-06-30')
),
so_sanh AS (
    SELECT
        1 AS stt,
        'Tỷ lệ đúng và trước hạn (%), cấp tỉnh' AS noi_dung,
        CAST(round(100 * ty_le_dung_va_truoc_han, 2) AS DOUBLE) AS gia_tri,
        CAST((SELECT gia_tri FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S4-062') AS DOUBLE) AS so_in
    FROM kho WHERE pham_vi = 'tinh'
    UNION ALL
    SELECT
        2 AS stt,
        'Tỷ lệ đúng và trước hạn (%), cấp huyện' AS noi_dung,
        CAST(round(100 * ty_le_dung_va_truoc_han, 2) AS DOUBLE) AS gia_tri,
        CAST((SELECT gia_tri FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S4-066') AS DOUBLE) AS so_in
    FROM kho WHERE pham_vi = 'huyen'
    UNION ALL
    SELECT
        3 AS stt,
        'Tỷ lệ đúng và trước hạn (%), cấp xã' AS noi_dung,
        CAST(round(100 * ty_le_dung_va_truoc_han, 2) AS DOUBLE) AS gia_tri,
        CAST((SELECT gia_tri FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S4-070') AS DOUBLE) AS so_in
    FROM kho WHERE pham_vi = 'xa'
    UNION ALL
    SELECT
        4 AS stt,
        'Tỷ lệ tính từ số in (%), cấp tỉnh' AS noi_dung,
        CAST((SELECT round(100 * sum(gia_tri) FILTER (WHERE ma_so_lieu IN ('S4-061')) / sum(gia_tri) FILTER (WHERE ma_so_lieu IN ('S4-060')), 2) FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu IN ('S4-061', 'S4-060')) AS DOUBLE) AS gia_tri,
        CAST((SELECT gia_tri FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S4-062') AS DOUBLE) AS so_in
    FROM kho WHERE pham_vi = 'tinh'
    UNION ALL
    SELECT
        5 AS stt,
        'Tỷ lệ tính từ số in (%), cấp huyện' AS noi_dung,
        CAST((SELECT round(100 * sum(gia_tri) FILTER (WHERE ma_so_lieu IN ('S4-065')) / sum(gia_tri) FILTER (WHERE ma_so_lieu IN ('S4-064')), 2) FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu IN ('S4-065', 'S4-064')) AS DOUBLE) AS gia_tri,
        CAST((SELECT gia_tri FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S4-066') AS DOUBLE) AS so_in
    FROM kho WHERE pham_vi = 'huyen'
    UNION ALL
    SELECT
        6 AS stt,
        'Tỷ lệ tính từ số in (%), cấp xã' AS noi_dung,
        CAST((SELECT round(100 * sum(gia_tri) FILTER (WHERE ma_so_lieu IN ('S4-069')) / sum(gia_tri) FILTER (WHERE ma_so_lieu IN ('S4-068')), 2) FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu IN ('S4-069', 'S4-068')) AS DOUBLE) AS gia_tri,
        CAST((SELECT gia_tri FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S4-070') AS DOUBLE) AS so_in
    FROM kho WHERE pham_vi = 'xa'
),
tra_loi AS (
    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE
        EXISTS (SELECT 1 FROM van_hanh.nguon WHERE nguon_du_lieu IN ('dvc/ho_so') AND tep_cuoi IS NOT NULL)
        AND EXISTS (SELECT 1 FROM so_sanh WHERE gia_tri IS NOT NULL)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN EXISTS (SELECT 1 FROM van_hanh.nguon WHERE nguon_du_lieu IN ('dvc/ho_so') AND tep_cuoi IS NOT NULL) THEN 'Không có hồ sơ nào có hạn được giải quyết trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
