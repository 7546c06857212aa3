-- mã: Q-084
-- nhóm: Danh mục TTHC
-- mức: gần
-- câu hỏi: Bao nhiêu TTHC được giảm phí khi nộp trực tuyến?
-- nghĩa: Thủ tục mà biểu phí ngày số liệu thu khi nộp trực tuyến ít hơn mức thường: bao nhiêu, trong đó miễn hẳn bao nhiêu, mức thu trực tuyến bình quân bằng mấy phần trăm mức thường.
-- giới hạn: Thủ tục chỉ có một mức cho mọi kênh thì không giảm. 708 được in cho Bắc Giang trong khi 376 + 342 = 718 (B23).
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH muc AS (
        SELECT
            ma_tthc,
            max(phi_phai_thu) FILTER (WHERE kenh IS NULL OR kenh <> 'truc_tuyen') AS thuong,
            max(phi_phai_thu) FILTER (WHERE kenh = 'truc_tuyen') AS truc_tuyen
        FROM tthc.phi
        WHERE hien_hanh
        GROUP BY ma_tthc
    ),
    dem AS (
        SELECT
            count(*) FILTER (WHERE truc_tuyen < thuong) AS giam,
            count(*) FILTER (WHERE truc_tuyen < thuong AND truc_tuyen = 0) AS mien,
            round(100 * avg(truc_tuyen / nullif(thuong, 0)) FILTER (WHERE truc_tuyen < thuong), 2) AS phan_tram
        FROM muc
        HAVING count(*) > 0
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Thủ tục được giảm phí khi nộp trực tuyến' AS noi_dung,
            CAST(giam AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-034') AS so_in
        FROM dem
        UNION ALL
        SELECT
            2 AS stt,
            'Trong đó miễn hẳn' AS noi_dung,
            CAST(mien AS DOUBLE) AS gia_tri,
            CAST(NULL AS DOUBLE) AS so_in
        FROM dem
        UNION ALL
        SELECT
            3 AS stt,
            'Mức thu trực tuyến bình quân so với mức thường (%)' AS noi_dung,
            CAST(phan_tram AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-033') AS so_in
        FROM dem
        UNION ALL
        SELECT
            4 AS stt,
            'Bình Định, như in' AS noi_dung,
            doi_soat.so_in('S2-010') AS gia_tri,
            doi_soat.so_in('S2-010') AS so_in
        FROM dem
    )

    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/phi') THEN 'Không có mức phí nào đang hiệu lực.'
        ELSE 'Chưa có số: tệp của nguồn dvc/phi sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
