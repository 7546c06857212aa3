-- mã: Q-070
-- nhóm: Bộ chỉ số 766
-- mức: gần
-- câu hỏi: Hài lòng theo 766 và SIPAS khác nhau bao nhiêu?
-- nghĩa: Hài lòng theo Cổng (5.4) so với SIPAS, và chênh lệch.
-- giới hạn: Hai công cụ khác nhau: đánh giá từng hồ sơ và khảo sát xã hội; SIPAS chỉ có trong báo cáo.
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
        'Hài lòng theo Bộ chỉ số 766 (%)' AS noi_dung,
        CAST(max(phan_tram) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-134') AS so_in
    FROM cong WHERE ma_chi_so = '5.4'
    UNION ALL
    SELECT
        2 AS stt,
        'SIPAS (%)' AS noi_dung,
        doi_soat.so_in('S4-148') AS gia_tri,
        doi_soat.so_in('S4-148') AS so_in
    UNION ALL
    SELECT
        3 AS stt,
        'Chênh lệch (điểm phần trăm)' AS noi_dung,
        CAST(max(phan_tram) - doi_soat.so_in('S4-148') AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-134') - doi_soat.so_in('S4-148') AS so_in
    FROM cong WHERE ma_chi_so = '5.4'
),
tra_loi AS (
    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE
        (van_hanh.da_co('bo_chi_so_766/diem') OR van_hanh.da_co('bao_cao/so_lieu'))
        AND EXISTS (SELECT 1 FROM so_sanh WHERE gia_tri IS NOT NULL)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('bo_chi_so_766/diem') OR van_hanh.da_co('bao_cao/so_lieu') THEN 'Không có tỷ lệ hài lòng nào của Cổng, cũng không có SIPAS trong báo cáo in.'
        ELSE 'Chưa có số: tệp của nguồn bo_chi_so_766/diem hoặc bao_cao/so_lieu sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
