-- mã: Q-058
-- nhóm: Hộ tịch
-- mức: cốt lõi
-- câu hỏi: Bình Định hoàn thành số hóa hộ tịch khi nào?
-- nghĩa: Tháng Bình Định nói đã số hóa xong dữ liệu hộ tịch.
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
    WHERE ma_so_lieu IN ('S2-026')
    ORDER BY ma_so_lieu
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số in: tệp bao_cao/so_lieu chưa có báo cáo này; số gốc cần ho_tich/so_hoa của tỉnh Bình Định.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
