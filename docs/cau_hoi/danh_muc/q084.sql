-- mã: Q-084
-- nhóm: Danh mục TTHC
-- mức: gần
-- câu hỏi: Bao nhiêu TTHC được giảm phí khi nộp trực tuyến?
-- nghĩa: Số thủ tục được giảm phí khi nộp trực tuyến và mức giảm, như in.
-- giới hạn: 708 được in cho Bắc Giang trong khi 376 + 342 = 718 (B23). Biểu phí dvc/phi chưa có mart liệt kê mức giảm.
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
    WHERE ma_so_lieu IN ('S0-033', 'S0-034', 'S2-010')
    ORDER BY ma_so_lieu
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số in: tệp bao_cao/so_lieu chưa có báo cáo này; số gốc cần dvc/phi (mức thu theo kênh); kho mới dùng biểu phí để xét thu sai, chưa công bố danh sách mức giảm.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
