-- mã: Q-113
-- nhóm: Nhiệm vụ
-- mức: gần
-- câu hỏi: Kế hoạch KSTTHC: xong bao nhiêu trên 42, còn bao nhiêu?
-- nghĩa: Nhiệm vụ của kế hoạch kiểm soát thủ tục (hoặc cải cách hành chính): xong, còn lại, tỷ lệ.
-- giới hạn: Kế hoạch được nhận ra bằng tên chứa “kiểm soát thủ tục”, “kiểm soát TTHC”, “KSTTHC” hoặc “cải cách hành chính”.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH nv AS (
        SELECT
            count(*) AS tong_so,
            count(*) FILTER (WHERE trang_thai = 'xong') AS xong,
            count(*) FILTER (WHERE thuong_xuyen) AS thuong_xuyen,
            count(*) FILTER (WHERE trang_thai <> 'xong' AND NOT coalesce(thuong_xuyen, false)) AS dang_lam,
            count(*) FILTER (WHERE trang_thai <> 'xong') AS chua_xong,
            count(*) FILTER (WHERE lower(ten_nhiem_vu) LIKE '%cơ sở dữ liệu quốc gia%' AND trang_thai <> 'xong') AS csdl_quoc_gia
        FROM dieu_hanh.nhiem_vu
        WHERE regexp_matches(lower(ke_hoach), 'kiểm soát (thủ tục|tthc)|kstthc|cải cách hành chính')
        HAVING count(*) > 0
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Tổng số' AS noi_dung,
            CAST(tong_so AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-004') AS so_in
        FROM nv
        UNION ALL
        SELECT
            2 AS stt,
            'Xong' AS noi_dung,
            CAST(xong AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-005') AS so_in
        FROM nv
        UNION ALL
        SELECT
            3 AS stt,
            'Xong (%)' AS noi_dung,
            CAST(round(100 * xong / nullif(tong_so, 0), 0) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-006') AS so_in
        FROM nv
        UNION ALL
        SELECT
            4 AS stt,
            'Còn lại' AS noi_dung,
            CAST(chua_xong AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-007') AS so_in
        FROM nv
    )

    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE EXISTS (SELECT 1 FROM nv)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('chi_dao/nhiem_vu') THEN 'Không có kế hoạch nào tên như vậy trong tệp nhiệm vụ.'
        ELSE 'Chưa có số: tệp của nguồn chi_dao/nhiem_vu sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
