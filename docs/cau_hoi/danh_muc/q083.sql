-- mã: Q-083
-- nhóm: Danh mục TTHC
-- mức: cốt lõi
-- câu hỏi: Bình Định: bao nhiêu TTHC toàn trình, một phần, chưa trực tuyến?
-- nghĩa: Thủ tục toàn trình, một phần và chưa trực tuyến của Bình Định; báo cáo không in tổng (cộng lại 2.026).
-- giới hạn: Báo cáo của tỉnh khác hoặc của hệ thống mà kho không nhận số liệu gốc; kho chỉ đọc lại số in.
-- cách trả lời: số in
-- cột: noi_dung, pham_vi, so_in, don_vi_tinh, tu_ngay, den_ngay, ma_bao_cao, ma_so_lieu
-- có câu trả lời: bao_cao_goc
WITH tra_loi AS (
    SELECT
        ten_chi_tieu AS noi_dung,
        pham_vi,
        coalesce(gia_tri_goc, gia_tri_ngay_goc) AS so_in,
        don_vi_tinh,
        tu_ngay,
        den_ngay,
        ma_bao_cao,
        ma_so_lieu
    FROM doi_soat.so_lieu_bao_cao
    WHERE ma_so_lieu IN ('S2-013', 'S2-014', 'S2-015')
    ORDER BY ma_so_lieu
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số in: tệp bao_cao/so_lieu chưa có báo cáo này; số gốc cần dvc/tthc của tỉnh Bình Định.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
