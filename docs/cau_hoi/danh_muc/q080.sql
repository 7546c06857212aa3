-- mã: Q-080
-- nhóm: Danh mục TTHC
-- mức: cốt lõi
-- câu hỏi: 27 TTHC chênh giữa DVCQG (1.934) và danh mục tỉnh (1.907) là những TTHC nào?
-- nghĩa: Mã thủ tục chỉ có ở một bên: danh mục của tỉnh hay danh mục trên Cổng quốc gia, kèm mã gần giống ở bên kia.
-- giới hạn: 1.934 không được in mà suy ra từ tỷ lệ; chênh 27 là hiệu của hai chiều thiếu.
-- cách trả lời: tính từ dữ liệu
-- cột: phia_thieu, ma_tthc, ma_tthc_qg, ten_tthc, goi_y, so_ma_thieu_cung_phia
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        phia_thieu,
        ma_tthc,
        ma_tthc_qg,
        ten_tthc,
        goi_y,
        count(*) OVER (PARTITION BY phia_thieu) AS so_ma_thieu_cung_phia
    FROM doi_soat.danh_muc_tthc
    WHERE coalesce(ma_tthc, '') NOT IN (SELECT d.ma_tthc FROM tthc.danh_muc AS d WHERE d.noi_bo)
    ORDER BY phia_thieu, ma_tthc, ma_tthc_qg
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvcqg/tthc') THEN 'Không có mã nào chỉ ở một bên.'
        ELSE 'Chưa có số: tệp của nguồn dvcqg/tthc sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
