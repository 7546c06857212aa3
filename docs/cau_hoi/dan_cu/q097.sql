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
        doi_soat.so_in('S0-051') AS gia_tri,
        doi_soat.so_in('S0-051') AS so_in
    UNION ALL
    SELECT
        2 AS stt,
        'Đến 10/6/2024, như in' AS noi_dung,
        doi_soat.so_in('S4-095') AS gia_tri,
        doi_soat.so_in('S4-095') AS so_in
    UNION ALL
    SELECT
        3 AS stt,
        'Tăng giữa hai ngày' AS noi_dung,
        doi_soat.so_in('S4-095') - doi_soat.so_in('S0-051') AS gia_tri,
        doi_soat.so_in('S4-095') - doi_soat.so_in('S0-051') AS so_in
    UNION ALL
    SELECT
        4 AS stt,
        'Hồ sơ trong kỳ dùng dữ liệu dân cư, theo kho' AS noi_dung,
        CAST(CASE WHEN EXISTS (SELECT 1 FROM tthc.ho_so AS h WHERE h.dung_du_lieu_dan_cu IS NOT NULL) THEN dung_du_lieu_dan_cu END AS DOUBLE) AS gia_tri,
        CAST(NULL AS DOUBLE) AS so_in
    FROM so_hoa WHERE pham_vi = 'toan_tinh'
),
tra_loi AS (
    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE
        (van_hanh.da_co('bao_cao/so_lieu') OR van_hanh.da_co('dvc/ho_so'))
        AND EXISTS (SELECT 1 FROM so_sanh WHERE gia_tri IS NOT NULL)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('bao_cao/so_lieu') OR van_hanh.da_co('dvc/ho_so') THEN 'Không có số in nào, tệp hồ sơ cũng không ghi cột Sử dụng dữ liệu dân cư.'
        ELSE 'Chưa có số: tệp của nguồn bao_cao/so_lieu hoặc dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
