-- mã: Q-026
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Tỷ lệ số hóa hồ sơ, kết quả hiện là bao nhiêu và còn cách 100% bao nhiêu?
-- nghĩa: Tỷ lệ số hóa theo Cổng quốc gia (chỉ số 4.2, tháng mới nhất có số) và theo hồ sơ của kho trong kỳ; còn thiếu bao nhiêu điểm phần trăm để đủ 100%.
-- giới hạn: Báo cáo 4/2024 in 100%, báo cáo 7/2024 in 81,73%: hai thời điểm trái nhau, kho nêu cả hai.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH cong AS (
    SELECT
        d.ma_chi_so,
        d.ky,
        round(100 * d.ty_le_cong_qg, 2) AS phan_tram
    FROM doi_soat.diem_766 AS d
    WHERE d.ma_don_vi IN (SELECT t.ma_don_vi FROM chi_so_766.tong_hop AS t WHERE t.la_toan_tinh) AND d.ky LIKE '____-__' AND d.ky NOT LIKE '%Q%'
    QUALIFY d.ky = max(d.ky) FILTER (WHERE d.ty_le_cong_qg IS NOT NULL) OVER (PARTITION BY d.ma_chi_so)
),
so_hoa AS (
    SELECT *
    FROM tthc.bieu_so_hoa('2023-12-15', '2024-06-30')
),
so_sanh AS (
    SELECT
        1 AS stt,
        'Theo Cổng quốc gia (%)' AS noi_dung,
        CAST(max(phan_tram) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-127') AS so_in
    FROM cong WHERE ma_chi_so = '4.2'
    UNION ALL
    SELECT
        2 AS stt,
        'Theo hồ sơ của kho, cả thành phần và kết quả (%)' AS noi_dung,
        CAST(round(100 * so_hoa_ca_hai / nullif(tiep_nhan, 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-127') AS so_in
    FROM so_hoa WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        3 AS stt,
        'Theo hồ sơ của kho, thành phần hồ sơ (%)' AS noi_dung,
        CAST(round(100 * ty_le_so_hoa, 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-059') AS so_in
    FROM so_hoa WHERE pham_vi = 'toan_tinh'
    UNION ALL
    SELECT
        4 AS stt,
        'Còn cách 100 theo Cổng (điểm phần trăm)' AS noi_dung,
        CAST(100 - max(phan_tram) AS DOUBLE) AS gia_tri,
        100 - doi_soat.so_in('S4-127') AS so_in
    FROM cong WHERE ma_chi_so = '4.2'
    UNION ALL
    SELECT
        5 AS stt,
        'Mục tiêu (%)' AS noi_dung,
        doi_soat.so_in('S4-174') AS gia_tri,
        doi_soat.so_in('S4-174') AS so_in
),
tra_loi AS (
    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE
        (van_hanh.da_co('bo_chi_so_766/diem') OR van_hanh.da_co('dvc/ho_so'))
        AND EXISTS (SELECT 1 FROM so_sanh WHERE gia_tri IS NOT NULL)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('bo_chi_so_766/diem') OR van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào tiếp nhận trong kỳ, Cổng cũng chưa công bố tỷ lệ này.'
        ELSE 'Chưa có số: tệp của nguồn bo_chi_so_766/diem hoặc dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
