-- mã: Q-007
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Cuối kỳ còn bao nhiêu hồ sơ đang giải quyết, trong hạn và quá hạn?
-- nghĩa: Hồ sơ chưa kết thúc, chưa trả lại vào cuối kỳ; quá hạn xét đến hết ngày cuối kỳ.
-- giới hạn: Số in lấy từ tệp bao_cao/so_lieu; để trống khi tệp chưa có báo cáo ấy.
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
        'Đang giải quyết' AS noi_dung,
        CAST(dang_giai_quyet AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-071') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        2 AS stt,
        'Trong hạn' AS noi_dung,
        CAST(dang_trong_han AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-072') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        3 AS stt,
        'Quá hạn' AS noi_dung,
        CAST(dang_qua_han AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-073') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        4 AS stt,
        'Không hạn' AS noi_dung,
        CAST(dang_khong_han AS DOUBLE) AS gia_tri,
        CAST(NULL AS DOUBLE) AS so_in
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
