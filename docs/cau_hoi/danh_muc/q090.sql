-- mã: Q-090
-- nhóm: Danh mục TTHC
-- mức: gần
-- câu hỏi: Bao nhiêu TTHC thực hiện “5 bước trên môi trường điện tử”?
-- nghĩa: Thủ tục đang hiệu lực được ghi là thực hiện đủ năm bước điện tử.
-- giới hạn: Số in lấy từ tệp bao_cao/so_lieu; để trống khi tệp chưa có báo cáo ấy.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: bao_cao_goc
WITH tra_loi AS (
    WITH danh_muc AS (
        SELECT *
        FROM tthc.danh_muc
        WHERE
            ma_tthc IS NOT NULL
            AND NOT coalesce(noi_bo, false)
            AND hieu_luc_tu <= ngay_so_lieu
            AND coalesce(hieu_luc_den, ngay_so_lieu) >= ngay_so_lieu
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Năm bước điện tử' AS noi_dung,
            CAST(count(*) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-086') AS so_in
        FROM danh_muc WHERE nam_buoc
    )

    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE EXISTS (SELECT 1 FROM danh_muc WHERE nam_buoc IS NOT NULL)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: cột Năm bước điện tử của tệp dvc/tthc sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
