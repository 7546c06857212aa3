-- mã: Q-119
-- nhóm: Chất lượng
-- mức: cốt lõi
-- câu hỏi: Kỳ số liệu thực của mỗi chỉ tiêu là từ ngày nào đến ngày nào?
-- nghĩa: Mỗi kỳ số liệu thực của báo cáo: từ ngày, đến ngày, bao nhiêu ngày, bao nhiêu con số.
-- giới hạn: Báo cáo gọi là “6 tháng đầu năm” (182 ngày) nhưng số hồ sơ lấy từ 15/12/2023, tức 199 ngày (A23).
-- cách trả lời: tính từ dữ liệu
-- cột: ma_bao_cao, tu_ngay, den_ngay, so_ngay, so_con_so, chi_tieu
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_bao_cao,
        tu_ngay,
        den_ngay,
        den_ngay - tu_ngay + 1 AS so_ngay,
        count(*) AS so_con_so,
        string_agg(DISTINCT ten_chi_tieu, '; ' ORDER BY ten_chi_tieu)[:200] AS chi_tieu
    FROM doi_soat.so_lieu_bao_cao
    WHERE tu_ngay IS NOT NULL AND den_ngay IS NOT NULL
    GROUP BY ma_bao_cao, tu_ngay, den_ngay
    ORDER BY so_con_so DESC, ma_bao_cao, tu_ngay
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('bao_cao/so_lieu') THEN 'Không có con số nào in đủ kỳ.'
        ELSE 'Chưa có số: tệp của nguồn bao_cao/so_lieu sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
