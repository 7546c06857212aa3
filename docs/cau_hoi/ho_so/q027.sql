-- mã: Q-027
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Tỷ lệ hồ sơ cấp kết quả điện tử?
-- nghĩa: Tỷ lệ hồ sơ có kết quả điện tử: theo Cổng quốc gia (4.1) và theo hồ sơ của kho.
-- giới hạn: Số in lấy từ tệp bao_cao/so_lieu; để trống khi tệp chưa có báo cáo ấy.
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
        doi_soat.so_in('S4-126') AS so_in
    FROM cong WHERE ma_chi_so = '4.1'
    UNION ALL
    SELECT
        2 AS stt,
        'Theo hồ sơ của kho (%)' AS noi_dung,
        CAST(round(100 * ty_le_ket_qua_dien_tu, 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-126') AS so_in
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
