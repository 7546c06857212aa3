-- mã: Q-112
-- nhóm: Nhiệm vụ
-- mức: gần
-- câu hỏi: Kế hoạch Đề án 06: bao nhiêu nhiệm vụ xong, thường xuyên, đang làm?
-- nghĩa: Nhiệm vụ của kế hoạch Đề án 06 theo trạng thái, ba phần cộng lại bằng tổng số: “thường xuyên” không kể nhiệm vụ đã xong, “đang làm” không kể nhiệm vụ thường xuyên.
-- giới hạn: Kế hoạch được nhận ra bằng tên chứa “Đề án 06” hoặc “ĐA06”.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH nv AS (
        SELECT
            count(*) AS tong_so,
            count(*) FILTER (WHERE trang_thai = 'xong') AS xong,
            count(*) FILTER (WHERE trang_thai <> 'xong' AND thuong_xuyen) AS thuong_xuyen,
            count(*) FILTER (WHERE trang_thai <> 'xong' AND NOT coalesce(thuong_xuyen, false)) AS dang_lam,
            count(*) FILTER (WHERE trang_thai <> 'xong') AS chua_xong,
            count(*) FILTER (WHERE lower(ten_nhiem_vu) LIKE '%cơ sở dữ liệu quốc gia%' AND trang_thai <> 'xong') AS csdl_quoc_gia
        FROM dieu_hanh.nhiem_vu
        WHERE lower(ke_hoach) LIKE '%đề án 06%' OR lower(ke_hoach) LIKE '%đa06%' OR lower(ke_hoach) LIKE '%đa 06%'
        HAVING count(*) > 0
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Tổng số' AS noi_dung,
            CAST(tong_so AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-089') AS so_in
        FROM nv
        UNION ALL
        SELECT
            2 AS stt,
            'Xong' AS noi_dung,
            CAST(xong AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-090') AS so_in
        FROM nv
        UNION ALL
        SELECT
            3 AS stt,
            'Thường xuyên' AS noi_dung,
            CAST(thuong_xuyen AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-091') AS so_in
        FROM nv
        UNION ALL
        SELECT
            4 AS stt,
            'Đang làm có lộ trình' AS noi_dung,
            CAST(dang_lam AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-092') AS so_in
        FROM nv
        UNION ALL
        SELECT
            5 AS stt,
            'Phối hợp xây dựng cơ sở dữ liệu quốc gia' AS noi_dung,
            CAST(csdl_quoc_gia AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-093') AS so_in
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
