-- mã: Q-082
-- nhóm: Danh mục TTHC
-- mức: cốt lõi
-- câu hỏi: Số DVC một phần là 376 hay 367, toàn trình là 342 hay 341?
-- nghĩa: Số một phần và toàn trình theo danh mục ngày 07/12/2023, bên cạnh số in ở thân báo cáo và tổng ba cấp in ở chú thích.
-- giới hạn: Thân báo cáo in 376 và 342 (cộng 718, khác 708); chú thích cộng ra 367 và 341. Danh mục theo chú thích.
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
        'Một phần, so với 376 in ở thân báo cáo' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-035') AS so_in
    FROM danh_muc WHERE muc_do_dvc = 'mot_phan'
    UNION ALL
    SELECT
        2 AS stt,
        'Một phần, so với ba cấp in' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-042') + doi_soat.so_in('S0-045') + doi_soat.so_in('S0-048') AS so_in
    FROM danh_muc WHERE muc_do_dvc = 'mot_phan'
    UNION ALL
    SELECT
        3 AS stt,
        'Toàn trình, so với 342 in ở thân báo cáo' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-036') AS so_in
    FROM danh_muc WHERE muc_do_dvc = 'toan_trinh'
    UNION ALL
    SELECT
        4 AS stt,
        'Toàn trình, so với ba cấp in' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-041') + doi_soat.so_in('S0-044') + doi_soat.so_in('S0-047') AS so_in
    FROM danh_muc WHERE muc_do_dvc = 'toan_trinh'
    UNION ALL
    SELECT
        5 AS stt,
        'Cộng, so với 708 in' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-034') AS so_in
    FROM danh_muc WHERE muc_do_dvc IN ('mot_phan', 'toan_trinh')
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
