-- mã: Q-010
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Tỷ lệ hồ sơ trực tuyến toàn tỉnh và theo cấp?
-- nghĩa: Hồ sơ trực tuyến trên mọi hồ sơ tiếp nhận (cả kỳ trước) và trên hồ sơ mới, theo phần trăm.
-- giới hạn: Báo cáo không in mẫu số; 95% chỉ khớp khi mẫu số gồm cả kỳ trước chuyển sang.
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
        'Trên mọi hồ sơ tiếp nhận (%), toàn tỉnh' AS noi_dung,
        CAST(round(100 * truc_tuyen / nullif(tiep_nhan, 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-074') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        2 AS stt,
        'Trên mọi hồ sơ tiếp nhận (%), cấp tỉnh' AS noi_dung,
        CAST(round(100 * truc_tuyen / nullif(tiep_nhan, 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-075') AS so_in
    FROM kho WHERE pham_vi = 'tinh'
    UNION ALL
    SELECT
        3 AS stt,
        'Trên mọi hồ sơ tiếp nhận (%), cấp huyện' AS noi_dung,
        CAST(round(100 * truc_tuyen / nullif(tiep_nhan, 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-076') AS so_in
    FROM kho WHERE pham_vi = 'huyen'
    UNION ALL
    SELECT
        4 AS stt,
        'Trên mọi hồ sơ tiếp nhận (%), cấp xã' AS noi_dung,
        CAST(round(100 * truc_tuyen / nullif(tiep_nhan, 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-077') AS so_in
    FROM kho WHERE pham_vi = 'xa'
    UNION ALL
    SELECT
        5 AS stt,
        'Trên hồ sơ mới (%), toàn tỉnh' AS noi_dung,
        CAST(round(100 * ty_le_truc_tuyen, 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-074') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        6 AS stt,
        'Trên hồ sơ mới (%), cấp tỉnh' AS noi_dung,
        CAST(round(100 * ty_le_truc_tuyen, 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-075') AS so_in
    FROM kho WHERE pham_vi = 'tinh'
    UNION ALL
    SELECT
        7 AS stt,
        'Trên hồ sơ mới (%), cấp huyện' AS noi_dung,
        CAST(round(100 * ty_le_truc_tuyen, 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-076') AS so_in
    FROM kho WHERE pham_vi = 'huyen'
    UNION ALL
    SELECT
        8 AS stt,
        'Trên hồ sơ mới (%), cấp xã' AS noi_dung,
        CAST(round(100 * ty_le_truc_tuyen, 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-077') AS so_in
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
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào tiếp nhận trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
