-- mã: Q-009
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Số quá hạn cộng từ ba cấp có bằng số toàn tỉnh không, lệch ở đơn vị nào?
-- nghĩa: Quá hạn của từng cấp cộng lại so với toàn tỉnh; số in của một cấp là đã giải quyết trừ đúng và trước hạn.
-- giới hạn: Ba cấp in còn 2.060, toàn tỉnh in 2.285: chênh 225 ở chính báo cáo. Trong kho hai cách cộng bằng nhau.
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
        'Quá hạn toàn tỉnh' AS noi_dung,
        CAST(qua_han AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-058') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        2 AS stt,
        'Quá hạn cấp tỉnh' AS noi_dung,
        CAST(qua_han AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-060') - doi_soat.so_in('S4-061') AS so_in
    FROM kho WHERE pham_vi = 'tinh'
    UNION ALL
    SELECT
        3 AS stt,
        'Quá hạn cấp huyện' AS noi_dung,
        CAST(qua_han AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-064') - doi_soat.so_in('S4-065') AS so_in
    FROM kho WHERE pham_vi = 'huyen'
    UNION ALL
    SELECT
        4 AS stt,
        'Quá hạn cấp xã' AS noi_dung,
        CAST(qua_han AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-068') - doi_soat.so_in('S4-069') AS so_in
    FROM kho WHERE pham_vi = 'xa'
    UNION ALL
    SELECT
        5 AS stt,
        'Cộng ba cấp' AS noi_dung,
        CAST(sum(qua_han) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-060') + doi_soat.so_in('S4-064') + doi_soat.so_in('S4-068') - doi_soat.so_in('S4-061') - doi_soat.so_in('S4-065') - doi_soat.so_in('S4-069') AS so_in
    FROM kho WHERE pham_vi <> 'toan_tinh'
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
