-- mã: Q-025
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Năm 2023 bao nhiêu hồ sơ số hóa, bao nhiêu được tái sử dụng, tỷ lệ? So với cả nước?
-- nghĩa: Hồ sơ mới trong kỳ được số hóa, được lấy lại dữ liệu số hóa, và tỷ lệ phần trăm.
-- giới hạn: Số in là của năm 2023, khác kỳ; để so đúng kỳ hãy đổi hai ngày thành 2023-01-01 và 2023-12-31 khi kho có hồ sơ năm ấy. Số của cả nước chỉ có trong báo cáo.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH kho AS (
    SELECT *
    FROM tthc.bieu_so_hoa('2023-12-15', '2024-06-30')
),
so_sanh AS (
    SELECT
        1 AS stt,
        'Hồ sơ số hóa' AS noi_dung,
        CAST(so_hoa_ho_so AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-064') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        2 AS stt,
        'Hồ sơ dùng lại dữ liệu' AS noi_dung,
        CAST(tai_su_dung AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-063') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        3 AS stt,
        'Dùng lại trên số hóa (%)' AS noi_dung,
        CAST(round(100 * tai_su_dung / nullif(so_hoa_ho_so, 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-065') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        4 AS stt,
        'Cả nước, năm 2023 (%)' AS noi_dung,
        doi_soat.so_in('S0-066') AS gia_tri,
        doi_soat.so_in('S0-066') AS so_in
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
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào tiếp nhận trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
