-- mã: Q-097
-- nhóm: Dân cư
-- mức: gần
-- câu hỏi: Đã tra cứu, khai thác CSDL dân cư bao nhiêu lần, đến ngày nào?
-- nghĩa: Số lượt tra cứu như in ở hai báo cáo và chênh lệch; bên cạnh là số hồ sơ trong kỳ mà kho biết đã dùng dữ liệu dân cư.
-- giới hạn: Kho không nhận nhật ký tra cứu; một hồ sơ có thể tra nhiều lần. Hai báo cáo dùng hai từ (trường hợp, yêu cầu).
-- cách trả lời: số in, kèm số gần nghĩa của kho
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH so_hoa AS (
    SELECT *
    FROM tthc.bieu_so_hoa('2023-12-15', '2024-06-30')
),
so_sanh AS (
    SELECT
        1 AS stt,
        'Đến 14/4/2024, như in' AS noi_dung,
        CAST((SELECT gia_tri FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S0-051') AS DOUBLE) AS gia_tri,
        CAST((SELECT gia_tri FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S0-051') AS DOUBLE) AS so_in
    UNION ALL
    SELECT
        2 AS stt,
        'Đến 10/6/2024, như in' AS noi_dung,
        CAST((SELECT gia_tri FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S4-095') AS DOUBLE) AS gia_tri,
        CAST((SELECT gia_tri FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S4-095') AS DOUBLE) AS so_in
    UNION ALL
    SELECT
        3 AS stt,
        'Tăng giữa hai ngày' AS noi_dung,
        CAST((SELECT sum(CASE WHEN ma_so_lieu IN ('S4-095') THEN gia_tri ELSE -gia_tri END) FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu IN ('S4-095', 'S0-051')) AS DOUBLE) AS gia_tri,
        CAST((SELECT sum(CASE WHEN ma_so_lieu IN ('S4-095') THEN gia_tri ELSE -gia_tri END) FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu IN ('S4-095', 'S0-051')) AS DOUBLE) AS so_in
    UNION ALL
    SELECT
        4 AS stt,
        'Hồ sơ trong kỳ dùng dữ liệu dân cư, theo kho' AS noi_dung,
        CAST(dung_du_lieu_dan_cu AS DOUBLE) AS gia_tri,
        CAST(NULL AS DOUBLE) AS so_in
    FROM so_hoa WHERE pham_vi = 'toan_tinh'
)

SELECT
    noi_dung,
    gia_tri,
    so_in,
    round(gia_tri - so_in, 2) AS chenh_lech
FROM so_sanh
ORDER BY stt
