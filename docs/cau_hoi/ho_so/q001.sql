-- mã: Q-001
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Từ 15/12/2023 đến 30/6/2024 toàn tỉnh tiếp nhận bao nhiêu hồ sơ?
-- nghĩa: Hồ sơ mới trong kỳ cộng hồ sơ kỳ trước chuyển sang, đếm theo quy tắc “Đếm trong một khoảng ngày”.
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
        'Hồ sơ tiếp nhận' AS noi_dung,
        CAST(tiep_nhan AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-051') AS so_in
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
