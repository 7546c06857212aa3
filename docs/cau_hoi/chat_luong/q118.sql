-- mã: Q-118
-- nhóm: Chất lượng
-- mức: cốt lõi
-- câu hỏi: Những tỷ lệ nào không in mẫu số?
-- nghĩa: Tỷ lệ phần trăm được in mà không kèm tử số và mẫu số.
-- giới hạn: Mẫu số có thể nằm ở câu khác của báo cáo; kho chỉ biết cột mẫu số của tệp.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_bao_cao, ma_so_lieu, ten_chi_tieu, so_in, pham_vi, tong_so
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_bao_cao,
        ma_so_lieu,
        ten_chi_tieu,
        gia_tri_goc AS so_in,
        pham_vi,
        count(*) OVER () AS tong_so
    FROM doi_soat.so_lieu_bao_cao
    WHERE don_vi_tinh LIKE '%\%%' ESCAPE '\' AND tu_so IS NULL AND mau_so IS NULL
    ORDER BY ma_bao_cao, ma_so_lieu
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('bao_cao/so_lieu') THEN 'Không có tỷ lệ nào thiếu mẫu số.'
        ELSE 'Chưa có số: tệp của nguồn bao_cao/so_lieu sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
