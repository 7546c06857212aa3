-- mã: Q-095
-- nhóm: Liên thông
-- mức: gần
-- câu hỏi: Hệ thống tỉnh đã kết nối bao nhiêu CSDL; bao nhiêu CSDL dùng chung?
-- nghĩa: Hệ thống đang kết nối và cơ sở dữ liệu dùng chung trong danh sách hiện hành.
-- giới hạn: Số in là của Bình Định, để tham khảo.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH hien_hanh AS (
        SELECT *
        FROM he_thong.ket_noi
        WHERE hien_hanh
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Hệ thống đã kết nối' AS noi_dung,
            CAST(count(*) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S2-025') AS so_in
        FROM hien_hanh WHERE trang_thai = 'da_ket_noi'
        UNION ALL
        SELECT
            2 AS stt,
            'Trong đó cơ sở dữ liệu' AS noi_dung,
            CAST(count(*) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S2-025') AS so_in
        FROM hien_hanh WHERE trang_thai = 'da_ket_noi' AND loai = 'csdl'
        UNION ALL
        SELECT
            3 AS stt,
            'Cơ sở dữ liệu dùng chung' AS noi_dung,
            CAST(count(*) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S2-024') AS so_in
        FROM hien_hanh WHERE dung_chung AND loai = 'csdl'
    )

    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE EXISTS (SELECT 1 FROM hien_hanh)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn he_thong/ket_noi sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
