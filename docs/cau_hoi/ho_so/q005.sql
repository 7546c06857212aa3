-- mã: Q-005
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Mỗi cấp (Trung tâm, huyện, xã) tiếp nhận và giải quyết bao nhiêu?
-- nghĩa: Cấp của đơn vị thụ lý vào ngày tiếp nhận; ba cấp cộng lại bằng toàn tỉnh.
-- giới hạn: Số in lấy từ tệp bao_cao/so_lieu; để trống khi tệp chưa có báo cáo ấy. Từ 01/7/2025 không còn cấp huyện.
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
        'Tiếp nhận, cấp tỉnh' AS noi_dung,
        CAST(tiep_nhan AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-059') AS so_in
    FROM kho WHERE pham_vi = 'tinh'
    UNION ALL
    SELECT
        2 AS stt,
        'Tiếp nhận, cấp huyện' AS noi_dung,
        CAST(tiep_nhan AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-063') AS so_in
    FROM kho WHERE pham_vi = 'huyen'
    UNION ALL
    SELECT
        3 AS stt,
        'Tiếp nhận, cấp xã' AS noi_dung,
        CAST(tiep_nhan AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-067') AS so_in
    FROM kho WHERE pham_vi = 'xa'
    UNION ALL
    SELECT
        4 AS stt,
        'Đã giải quyết, cấp tỉnh' AS noi_dung,
        CAST(da_giai_quyet AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-060') AS so_in
    FROM kho WHERE pham_vi = 'tinh'
    UNION ALL
    SELECT
        5 AS stt,
        'Đã giải quyết, cấp huyện' AS noi_dung,
        CAST(da_giai_quyet AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-064') AS so_in
    FROM kho WHERE pham_vi = 'huyen'
    UNION ALL
    SELECT
        6 AS stt,
        'Đã giải quyết, cấp xã' AS noi_dung,
        CAST(da_giai_quyet AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-068') AS so_in
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
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
