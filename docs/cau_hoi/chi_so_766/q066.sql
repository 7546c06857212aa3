-- mã: Q-066
-- nhóm: Bộ chỉ số 766
-- mức: cốt lõi
-- câu hỏi: Tiến độ giải quyết và tỷ lệ hồ sơ trực tuyến đúng hạn?
-- nghĩa: Tiến độ giải quyết theo Cổng (2.1) và theo kho; tỷ lệ hồ sơ trực tuyến đã xong trong kỳ mà không quá hạn.
-- giới hạn: 98,54%, 97,99% và tỷ lệ nộp trực tuyến 78,6% không thể cùng đúng trên một mẫu số (A19).
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
        'Tiến độ theo Cổng (%)' AS noi_dung,
        CAST(max(phan_tram) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-107') AS so_in
    FROM cong WHERE ma_chi_so = '2.1'
    UNION ALL
    SELECT
        2 AS stt,
        'Tiến độ theo kho, cách tính của Cổng (%)' AS noi_dung,
        CAST(round(100 * sum(tu_so) / nullif(sum(mau_so), 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-107') AS so_in
    FROM chi_so_766.tien_do_giai_quyet WHERE la_toan_tinh AND ky BETWEEN strftime(DATE '2023-12-15', '%Y-%m') AND strftime(DATE '2024-06-30', '%Y-%m')
    UNION ALL
    SELECT
        3 AS stt,
        'Hồ sơ trực tuyến không quá hạn, theo kho (%)' AS noi_dung,
        CAST(round(100 * count(*) FILTER (WHERE ket_qua_han IN ('truoc_han', 'dung_han')) / nullif(count(*), 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-117') AS so_in
    FROM tthc.ho_so WHERE kenh = 'truc_tuyen' AND ket_qua_han IN ('truoc_han', 'dung_han', 'qua_han') AND ngay_ra BETWEEN DATE '2023-12-15' AND DATE '2024-06-30'
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
