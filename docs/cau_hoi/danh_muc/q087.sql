-- mã: Q-087
-- nhóm: Danh mục TTHC
-- mức: gần
-- câu hỏi: TTHC nào chỉ nhận trực tuyến?
-- nghĩa: Thủ tục đang hiệu lực chỉ nhận hồ sơ trực tuyến.
-- giới hạn: Số in 161 là của Bình Định, để tham khảo.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: chưa bản nào
WITH tra_loi AS (
    WITH danh_muc AS (
        SELECT *
        FROM tthc.danh_muc
        WHERE
            ma_tthc IS NOT NULL
            AND NOT coalesce(noi_bo, false)
            AND hieu_luc_tu <= ngay_so_lieu
            AND coalesce(hieu_luc_den, ngay_so_lieu) >= ngay_so_lieu
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Chỉ nhận trực tuyến' AS noi_dung,
            CAST(count(*) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S2-023') AS so_in
        FROM danh_muc WHERE chi_truc_tuyen
    )

    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE EXISTS (SELECT 1 FROM danh_muc WHERE chi_truc_tuyen IS NOT NULL)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: cột Chỉ tiếp nhận trực tuyến của tệp dvc/tthc sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
