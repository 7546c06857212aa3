-- mã: Q-104
-- nhóm: PAKN
-- mức: gần
-- câu hỏi: Tiếp nhận bao nhiêu PAKN, về quy định và về hành vi?
-- nghĩa: Phản ánh, kiến nghị tiếp nhận trong kỳ, theo quy định hay hành vi.
-- giới hạn: Số in lấy từ tệp bao_cao/so_lieu; để trống khi tệp chưa có báo cáo ấy.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH moi AS (
        SELECT *
        FROM tthc.pakn_chi_tiet
        WHERE CAST(ngay_tiep_nhan AS DATE) BETWEEN DATE '2023-12-15' AND DATE '2024-06-30'
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Tiếp nhận' AS noi_dung,
            CAST(count(*) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-034') AS so_in
        FROM moi HAVING count(*) > 0
        UNION ALL
        SELECT
            2 AS stt,
            'Về quy định' AS noi_dung,
            CAST(count(*) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-036') AS so_in
        FROM moi WHERE loai = 'quy_dinh' HAVING (SELECT count(*) FROM moi) > 0
        UNION ALL
        SELECT
            3 AS stt,
            'Về hành vi' AS noi_dung,
            CAST(count(*) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-037') AS so_in
        FROM moi WHERE loai = 'hanh_vi' HAVING (SELECT count(*) FROM moi) > 0
    )

    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/pakn') THEN 'Không có phản ánh nào trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/pakn sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
