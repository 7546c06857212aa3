-- mã: Q-045
-- nhóm: Thanh toán
-- mức: cốt lõi
-- câu hỏi: Tỷ lệ hồ sơ thanh toán trực tuyến; TTHC có giao dịch; TTHC đã tích hợp?
-- nghĩa: Ba tỷ lệ thanh toán của Bộ chỉ số: theo Cổng quốc gia và theo hồ sơ của kho (tháng mới nhất có số), phần trăm.
-- giới hạn: 67,33% thủ tục có giao dịch lớn hơn 48,38% thủ tục đã tích hợp: hai mẫu số khác nhau.
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
kho AS (
    SELECT
        ma_chi_so,
        100 * ty_le AS phan_tram
    FROM chi_so_766.thanh_toan_truc_tuyen
    WHERE la_toan_tinh
    QUALIFY ky = max(ky) FILTER (WHERE ty_le IS NOT NULL) OVER (PARTITION BY ma_chi_so)
),
so_sanh AS (
    SELECT
        1 AS stt,
        'Hồ sơ thanh toán trực tuyến (%), Cổng' AS noi_dung,
        CAST(max(phan_tram) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-123') AS so_in
    FROM cong WHERE ma_chi_so = '3.6'
    UNION ALL
    SELECT
        2 AS stt,
        'Thủ tục có giao dịch (%), Cổng' AS noi_dung,
        CAST(max(phan_tram) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-120') AS so_in
    FROM cong WHERE ma_chi_so = '3.5b'
    UNION ALL
    SELECT
        3 AS stt,
        'Thủ tục đã tích hợp (%), Cổng' AS noi_dung,
        CAST(max(phan_tram) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-121') AS so_in
    FROM cong WHERE ma_chi_so = '3.5'
    UNION ALL
    SELECT
        4 AS stt,
        'Thủ tục chưa tích hợp (%), Cổng' AS noi_dung,
        CAST(100 - max(phan_tram) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-122') AS so_in
    FROM cong WHERE ma_chi_so = '3.5'
    UNION ALL
    SELECT
        5 AS stt,
        'Hồ sơ thanh toán trực tuyến (%), kho' AS noi_dung,
        CAST(round(max(phan_tram), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-123') AS so_in
    FROM kho WHERE ma_chi_so = '3.6'
    UNION ALL
    SELECT
        6 AS stt,
        'Thủ tục có giao dịch (%), kho' AS noi_dung,
        CAST(round(max(phan_tram), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-120') AS so_in
    FROM kho WHERE ma_chi_so = '3.5b'
    UNION ALL
    SELECT
        7 AS stt,
        'Thủ tục đã tích hợp (%), kho' AS noi_dung,
        CAST(round(max(phan_tram), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-121') AS so_in
    FROM kho WHERE ma_chi_so = '3.5'
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
        WHEN van_hanh.da_co('bo_chi_so_766/diem') OR van_hanh.da_co('dvc/ho_so') THEN 'Không có tỷ lệ nào tính được, Cổng cũng chưa công bố.'
        ELSE 'Chưa có số: tệp của nguồn bo_chi_so_766/diem hoặc dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
