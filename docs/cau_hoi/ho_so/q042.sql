-- mã: Q-042
-- nhóm: Hồ sơ DVC
-- mức: gần
-- câu hỏi: Bao nhiêu hồ sơ nộp qua bưu chính, tách khỏi trực tiếp?
-- nghĩa: Hồ sơ mới qua bưu chính và tại quầy, tách riêng.
-- giới hạn: Báo cáo in gộp hai kênh (4.144).
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
        'Qua bưu chính công ích' AS noi_dung,
        CAST(buu_chinh AS DOUBLE) AS gia_tri,
        CAST(NULL AS DOUBLE) AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        2 AS stt,
        'Trực tiếp tại quầy' AS noi_dung,
        CAST(truc_tiep AS DOUBLE) AS gia_tri,
        CAST(NULL AS DOUBLE) AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        3 AS stt,
        'Cộng' AS noi_dung,
        CAST(truc_tiep + buu_chinh AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-053') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
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
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
