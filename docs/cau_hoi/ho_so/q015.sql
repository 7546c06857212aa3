-- mã: Q-015
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Tỷ lệ hồ sơ trả lại trên tổng tiếp nhận?
-- nghĩa: Hồ sơ trả lại trên hồ sơ tiếp nhận, theo phần trăm; kể riêng và kể cả từ chối khi tiếp nhận.
-- giới hạn: Báo cáo in 0,13%; từ chính số in 332/314.849 chỉ được 0,105%.
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
        'Trả lại trên tiếp nhận (%)' AS noi_dung,
        CAST(round(100 * tra_lai / nullif(tiep_nhan, 0), 4) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-166') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        2 AS stt,
        'Trả lại và từ chối trên tiếp nhận (%)' AS noi_dung,
        CAST(round(100 * (tra_lai + tu_choi_tiep_nhan) / nullif(tiep_nhan, 0), 4) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-166') AS so_in
    FROM kho WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        3 AS stt,
        'Tính từ số in (%)' AS noi_dung,
        round(100 * doi_soat.so_in('S4-165') / nullif(doi_soat.so_in('S4-051'), 0), 4) AS gia_tri,
        doi_soat.so_in('S4-166') AS so_in
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
