-- mã: Q-081
-- nhóm: Danh mục TTHC
-- mức: cốt lõi
-- câu hỏi: Tháng 12/2023 có bao nhiêu DVC trực tuyến, theo cấp và mức độ?
-- nghĩa: Dịch vụ trực tuyến trong các phiên bản thủ tục có hiệu lực ngày 07/12/2023, theo cấp và mức độ.
-- giới hạn: Ngày là ngày của Quyết định 1925/QĐ-UBND; đổi ngày để hỏi thời điểm khác.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH danh_muc AS (
    SELECT *
    FROM tthc.danh_muc
    WHERE
        ma_tthc IS NOT NULL
        AND NOT coalesce(noi_bo, false)
        AND hieu_luc_tu <= DATE '2023-12-07'
        AND coalesce(hieu_luc_den, DATE '2023-12-07') >= DATE '2023-12-07'
),
so_sanh AS (
    SELECT
        1 AS stt,
        'Trực tuyến, cấp tỉnh' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-040') AS so_in
    FROM danh_muc WHERE cap = 'tinh' AND muc_do_dvc IN ('toan_trinh', 'mot_phan')
    UNION ALL
    SELECT
        2 AS stt,
        'Toàn trình, cấp tỉnh' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-041') AS so_in
    FROM danh_muc WHERE cap = 'tinh' AND muc_do_dvc = 'toan_trinh'
    UNION ALL
    SELECT
        3 AS stt,
        'Một phần, cấp tỉnh' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-042') AS so_in
    FROM danh_muc WHERE cap = 'tinh' AND muc_do_dvc = 'mot_phan'
    UNION ALL
    SELECT
        4 AS stt,
        'Trực tuyến, cấp huyện' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-043') AS so_in
    FROM danh_muc WHERE cap = 'huyen' AND muc_do_dvc IN ('toan_trinh', 'mot_phan')
    UNION ALL
    SELECT
        5 AS stt,
        'Toàn trình, cấp huyện' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-044') AS so_in
    FROM danh_muc WHERE cap = 'huyen' AND muc_do_dvc = 'toan_trinh'
    UNION ALL
    SELECT
        6 AS stt,
        'Một phần, cấp huyện' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-045') AS so_in
    FROM danh_muc WHERE cap = 'huyen' AND muc_do_dvc = 'mot_phan'
    UNION ALL
    SELECT
        7 AS stt,
        'Trực tuyến, cấp xã' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-046') AS so_in
    FROM danh_muc WHERE cap = 'xa' AND muc_do_dvc IN ('toan_trinh', 'mot_phan')
    UNION ALL
    SELECT
        8 AS stt,
        'Toàn trình, cấp xã' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-047') AS so_in
    FROM danh_muc WHERE cap = 'xa' AND muc_do_dvc = 'toan_trinh'
    UNION ALL
    SELECT
        9 AS stt,
        'Một phần, cấp xã' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-048') AS so_in
    FROM danh_muc WHERE cap = 'xa' AND muc_do_dvc = 'mot_phan'
),
tra_loi AS (
    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE
        van_hanh.da_co('dvc/tthc')
        AND EXISTS (SELECT 1 FROM so_sanh WHERE gia_tri IS NOT NULL)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/tthc') THEN 'Không có thủ tục nào trong danh mục.'
        ELSE 'Chưa có số: tệp của nguồn dvc/tthc sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
