-- mã: Q-103
-- nhóm: Dân cư
-- mức: gần
-- câu hỏi: Kích hoạt bao nhiêu tài khoản định danh; trên bao nhiêu dữ liệu công dân?
-- nghĩa: Tài khoản định danh đã kích hoạt và dữ liệu công dân đã thu thập, như in (63,8% nếu chia cho nhau; mẫu số của “100%” không được in).
-- giới hạn: Chưa có nguồn nào nhận số liệu định danh điện tử.
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
    WHERE ma_so_lieu IN ('S4-093', 'S4-100')
    ORDER BY ma_so_lieu
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số in: tệp bao_cao/so_lieu chưa có báo cáo này; số gốc cần tệp thống kê của Công an tỉnh (chưa có nguồn nhận).' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
