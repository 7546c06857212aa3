-- mã: Q-105
-- nhóm: PAKN
-- mức: gần
-- câu hỏi: Đã xử lý, công khai, đang xử lý bao nhiêu?
-- nghĩa: Đã xử lý, đã công khai, đang xử lý vào cuối kỳ.
-- giới hạn: Số in lấy từ tệp bao_cao/so_lieu; để trống khi tệp chưa có báo cáo ấy.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH kho AS (
        SELECT *
        FROM tthc.bieu_pakn('2023-12-15', '2024-06-30')
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Đã xử lý' AS noi_dung,
            CAST(da_xu_ly AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-038') AS so_in
        FROM kho WHERE pham_vi = 'toan_tinh'
        UNION ALL
        SELECT
            2 AS stt,
            'Công khai' AS noi_dung,
            CAST(cong_khai AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-039') AS so_in
        FROM kho WHERE pham_vi = 'toan_tinh'
        UNION ALL
        SELECT
            3 AS stt,
            'Đang xử lý' AS noi_dung,
            CAST(dang_xu_ly AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-040') AS so_in
        FROM kho WHERE pham_vi = 'toan_tinh'
        UNION ALL
        SELECT
            4 AS stt,
            'Kỳ trước chuyển sang' AS noi_dung,
            CAST(ky_truoc AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-035') AS so_in
        FROM kho WHERE pham_vi = 'toan_tinh'
    )

    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE EXISTS (SELECT 1 FROM kho WHERE tiep_nhan + ky_truoc > 0)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/pakn') THEN 'Không có phản ánh nào trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/pakn sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
