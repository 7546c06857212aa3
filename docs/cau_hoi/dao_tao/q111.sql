-- mã: Q-111
-- nhóm: Đào tạo
-- mức: gần
-- câu hỏi: Bình Định năm 2023 tập huấn bao nhiêu người?
-- nghĩa: Số người được tập huấn ở Bình Định năm 2023 (in là “trên 8.650”, tức mức thấp nhất).
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
    WHERE ma_so_lieu IN ('S2-029', 'S2-030')
    ORDER BY ma_so_lieu
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số in: tệp bao_cao/so_lieu chưa có báo cáo này; số gốc cần dao_tao/ket_qua của tỉnh Bình Định.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
