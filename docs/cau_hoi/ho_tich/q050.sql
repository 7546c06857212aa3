-- mã: Q-050
-- nhóm: Hộ tịch
-- mức: cốt lõi
-- câu hỏi: Đã số hóa bao nhiêu sổ và bao nhiêu dữ liệu hộ tịch?
-- nghĩa: Số quyển sổ và số trường hợp trong các quyển đã vào tiến độ số hóa; số đã phê duyệt.
-- giới hạn: Báo cáo in 12.791 sổ và 1.668.311 dữ liệu (bình quân 130,4 một quyển).
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH so AS (
        SELECT
            sum(so_quyen) AS so_quyen,
            sum(so_truong_hop) AS so_truong_hop,
            sum(da_phe_duyet) AS da_phe_duyet
        FROM ho_tich.so_hoa
        HAVING count(*) > 0
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Quyển sổ' AS noi_dung,
            CAST(so_quyen AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-079') AS so_in
        FROM so
        UNION ALL
        SELECT
            2 AS stt,
            'Trường hợp trong sổ' AS noi_dung,
            CAST(so_truong_hop AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-080') AS so_in
        FROM so
        UNION ALL
        SELECT
            3 AS stt,
            'Trường hợp đã phê duyệt' AS noi_dung,
            CAST(da_phe_duyet AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-080') AS so_in
        FROM so
    )

    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE EXISTS (SELECT 1 FROM so)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn ho_tich/so_hoa sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
