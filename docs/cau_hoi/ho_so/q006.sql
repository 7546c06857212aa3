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
        doi_soat.so_in('S4-062') AS so_in
    FROM kho WHERE pham_vi = 'tinh'
    UNION ALL
    SELECT
        2 AS stt,
        'Tỷ lệ đúng và trước hạn (%), cấp huyện' AS noi_dung,
        CAST(round(100 * ty_le_dung_va_truoc_han, 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-066') AS so_in
    FROM kho WHERE pham_vi = 'huyen'
    UNION ALL
    SELECT
        3 AS stt,
        'Tỷ lệ đúng và trước hạn (%), cấp xã' AS noi_dung,
        CAST(round(100 * ty_le_dung_va_truoc_han, 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-070') AS so_in
    FROM kho WHERE pham_vi = 'xa'
    UNION ALL
    SELECT
        4 AS stt,
        'Tỷ lệ tính từ số in (%), cấp tỉnh' AS noi_dung,
        round(100 * doi_soat.so_in('S4-061') / nullif(doi_soat.so_in('S4-060'), 0), 2) AS gia_tri,
        doi_soat.so_in('S4-062') AS so_in
    FROM kho WHERE pham_vi = 'tinh'
    UNION ALL
    SELECT
        5 AS stt,
        'Tỷ lệ tính từ số in (%), cấp huyện' AS noi_dung,
        round(100 * doi_soat.so_in('S4-065') / nullif(doi_soat.so_in('S4-064'), 0), 2) AS gia_tri,
        doi_soat.so_in('S4-066') AS so_in
    FROM kho WHERE pham_vi = 'huyen'
    UNION ALL
    SELECT
        6 AS stt,
        'Tỷ lệ tính từ số in (%), cấp xã' AS noi_dung,
        round(100 * doi_soat.so_in('S4-069') / nullif(doi_soat.so_in('S4-068'), 0), 2) AS gia_tri,
        doi_soat.so_in('S4-070') AS so_in
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
        van_hanh.da_co('dvc/ho_so')
        AND EXISTS (SELECT 1 FROM so_sanh WHERE gia_tri IS NOT NULL)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào có hạn được giải quyết trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
