-- mã: Q-029
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: 53 dịch vụ công thiết yếu: tiếp nhận, trực tuyến, tỷ lệ?
-- nghĩa: Hồ sơ mới của các thủ tục thiết yếu trong kỳ, số trực tuyến và tỷ lệ phần trăm.
-- giới hạn: Báo cáo không in ngày đầu kỳ và danh mục in là 53 hoặc 25 dịch vụ; kho dùng cờ “thiết yếu” của danh mục.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH thiet_yeu AS (
    SELECT *
    FROM tthc.bieu_thiet_yeu('2023-12-15', '2024-06-30')
),
so_sanh AS (
    SELECT
        1 AS stt,
        'Tiếp nhận' AS noi_dung,
        CAST(sum(so_ho_so) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-055') AS so_in
    FROM thiet_yeu
    UNION ALL
    SELECT
        2 AS stt,
        'Trực tuyến' AS noi_dung,
        CAST(sum(truc_tuyen) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-056') AS so_in
    FROM thiet_yeu
    UNION ALL
    SELECT
        3 AS stt,
        'Tỷ lệ trực tuyến (%)' AS noi_dung,
        CAST(round(100 * sum(truc_tuyen) / nullif(sum(so_ho_so), 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-057') AS so_in
    FROM thiet_yeu
    UNION ALL
    SELECT
        4 AS stt,
        'Số thủ tục thiết yếu trong danh mục' AS noi_dung,
        CAST(count(DISTINCT ma_tthc) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-053') AS so_in
    FROM thiet_yeu
),
tra_loi AS (
    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE
        (van_hanh.da_co('dvc/ho_so') OR van_hanh.da_co('dvc/tthc'))
        AND EXISTS (SELECT 1 FROM so_sanh WHERE gia_tri IS NOT NULL)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') OR van_hanh.da_co('dvc/tthc') THEN 'Không có thủ tục thiết yếu nào trong danh mục.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so hoặc dvc/tthc sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
