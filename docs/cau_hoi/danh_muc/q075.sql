-- mã: Q-075
-- nhóm: Danh mục TTHC
-- mức: cốt lõi
-- câu hỏi: Bao nhiêu do Trung ương và do địa phương quy định?
-- nghĩa: Thủ tục đang hiệu lực theo nơi quy định.
-- giới hạn: Số in lấy từ tệp bao_cao/so_lieu; để trống khi tệp chưa có báo cáo ấy.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
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
            'Trung ương quy định' AS noi_dung,
            CAST(count(DISTINCT ma_tthc) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-017') AS so_in
        FROM danh_muc WHERE nguon = 'trung_uong'
        UNION ALL
        SELECT
            2 AS stt,
            'Địa phương quy định' AS noi_dung,
            CAST(count(DISTINCT ma_tthc) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-018') AS so_in
        FROM danh_muc WHERE nguon = 'dia_phuong'
    )

    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE EXISTS (SELECT 1 FROM danh_muc)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn dvc/tthc sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
