-- mã: Q-052
-- nhóm: Hộ tịch
-- mức: cốt lõi
-- câu hỏi: Tỷ lệ số hóa hộ tịch đạt bao nhiêu và mẫu số là gì?
-- nghĩa: Trường hợp đã phê duyệt trên trường hợp ghi trong sổ, phần trăm, kèm tử số và mẫu số.
-- giới hạn: Báo cáo in 100% mà không in mẫu số; mẫu số của kho là tổng trường hợp trong các quyển sổ.
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
            'Tỷ lệ số hóa (%)' AS noi_dung,
            CAST(round(100 * da_phe_duyet / nullif(so_truong_hop, 0), 2) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S4-082') AS so_in
        FROM so
        UNION ALL
        SELECT
            2 AS stt,
            'Tử số: đã phê duyệt' AS noi_dung,
            CAST(da_phe_duyet AS DOUBLE) AS gia_tri,
            CAST(NULL AS DOUBLE) AS so_in
        FROM so
        UNION ALL
        SELECT
            3 AS stt,
            'Mẫu số: trường hợp trong sổ' AS noi_dung,
            CAST(so_truong_hop AS DOUBLE) AS gia_tri,
            CAST(NULL AS DOUBLE) AS so_in
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
