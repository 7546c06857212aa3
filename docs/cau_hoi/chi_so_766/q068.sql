-- mã: Q-068
-- nhóm: Bộ chỉ số 766
-- mức: cốt lõi
-- câu hỏi: Ba tỷ lệ của nhóm số hóa hồ sơ?
-- nghĩa: Ba tỷ lệ số hóa của Bộ chỉ số: theo Cổng và theo kho (tháng mới nhất có số), phần trăm.
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
so_sanh AS (
    SELECT
        1 AS stt,
        'Kết quả điện tử (%), Cổng' AS noi_dung,
        CAST(max(phan_tram) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-126') AS so_in
    FROM cong WHERE ma_chi_so = '4.1'
    UNION ALL
    SELECT
        2 AS stt,
        'Số hóa hồ sơ, kết quả (%), Cổng' AS noi_dung,
        CAST(max(phan_tram) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-127') AS so_in
    FROM cong WHERE ma_chi_so = '4.2'
    UNION ALL
    SELECT
        3 AS stt,
        'Dùng lại dữ liệu số hóa (%), Cổng' AS noi_dung,
        CAST(max(phan_tram) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-128') AS so_in
    FROM cong WHERE ma_chi_so = '4.3'
    UNION ALL
    SELECT
        4 AS stt,
        'Kết quả điện tử (%), kho' AS noi_dung,
        CAST(round(100 * max_by(ty_le, ky), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-126') AS so_in
    FROM chi_so_766.so_hoa_ho_so WHERE la_toan_tinh AND ma_chi_so = '4.1' AND ty_le IS NOT NULL
    UNION ALL
    SELECT
        5 AS stt,
        'Số hóa hồ sơ, kết quả (%), kho' AS noi_dung,
        CAST(round(100 * max_by(ty_le, ky), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-127') AS so_in
    FROM chi_so_766.so_hoa_ho_so WHERE la_toan_tinh AND ma_chi_so = '4.2' AND ty_le IS NOT NULL
    UNION ALL
    SELECT
        6 AS stt,
        'Dùng lại dữ liệu số hóa (%), kho' AS noi_dung,
        CAST(round(100 * max_by(ty_le, ky), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-128') AS so_in
    FROM chi_so_766.so_hoa_ho_so WHERE la_toan_tinh AND ma_chi_so = '4.3' AND ty_le IS NOT NULL
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
