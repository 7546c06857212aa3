-- mã: Q-078
-- nhóm: Danh mục TTHC
-- mức: gần
-- câu hỏi: TTHC nội bộ: bao nhiêu, theo quyết định nào?
-- nghĩa: Thủ tục nội bộ đang hiệu lực theo quyết định công bố; so_in là số báo cáo in cho quyết định của ngày ấy.
-- giới hạn: Quyết định 469/QĐ-UBND mang hai ngày 31/3/2023 và 31/3/2024 (B11), xem câu Q-122.
-- cách trả lời: tính từ dữ liệu
-- cột: so_quyet_dinh, ngay, so_tthc, so_in, tong_so
-- có câu trả lời: bao_cao_goc
WITH tra_loi AS (
    SELECT
        d.so_quyet_dinh,
        d.ngay_tinh_cong_bo AS ngay,
        count(*) AS so_tthc,
        (
            SELECT max(i.gia_tri)
            FROM doi_soat.so_lieu_bao_cao AS i
            WHERE i.chi_tieu = 'internal_tthc_published_by_decision' AND i.den_ngay = d.ngay_tinh_cong_bo
        ) AS so_in,
        CAST(sum(count(*)) OVER () AS BIGINT) AS tong_so
    FROM tthc.danh_muc AS d
    WHERE
        d.noi_bo
        AND d.hieu_luc_tu <= d.ngay_so_lieu
        AND coalesce(d.hieu_luc_den, d.ngay_so_lieu) >= d.ngay_so_lieu
    GROUP BY d.so_quyet_dinh, d.ngay_tinh_cong_bo
    ORDER BY d.ngay_tinh_cong_bo
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: cột TTHC nội bộ của tệp dvc/tthc sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
