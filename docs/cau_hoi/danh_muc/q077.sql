-- mã: Q-077
-- nhóm: Danh mục TTHC
-- mức: cốt lõi
-- câu hỏi: Trong kỳ ban hành bao nhiêu quyết định, công bố bao nhiêu TTHC?
-- nghĩa: Quyết định công bố thủ tục (trừ thủ tục nội bộ) ban hành trong kỳ và số thủ tục chúng công bố.
-- giới hạn: Một thủ tục được công bố hai lần thì đếm hai lần, như báo cáo.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH cong_bo AS (
        SELECT
            so_van_ban,
            coalesce(so_tthc, so_tthc_danh_muc) AS so_tthc
        FROM tthc.cong_bo
        WHERE
            ngay BETWEEN DATE '2023-12-15' AND DATE '2024-06-30'
            AND coalesce(linh_vuc, '') <> 'Thủ tục hành chính nội bộ'
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Quyết định' AS noi_dung,
            CAST(count(*) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-011') AS so_in
        FROM cong_bo
        UNION ALL
        SELECT
            2 AS stt,
            'Thủ tục được công bố' AS noi_dung,
            CAST(sum(so_tthc) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-014') AS so_in
        FROM cong_bo
        UNION ALL
        SELECT
            3 AS stt,
            'Thủ tục được công khai' AS noi_dung,
            CAST(sum(so_tthc) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-015') AS so_in
        FROM cong_bo
    )

    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE EXISTS (SELECT 1 FROM cong_bo)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/van_ban') THEN 'Không có quyết định nào ban hành trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/van_ban sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
