-- mã: Q-106
-- nhóm: PAKN
-- mức: gần
-- câu hỏi: PAKN tăng hay giảm so với kỳ trước, ở lĩnh vực nào?
-- nghĩa: Phản ánh tiếp nhận trong kỳ so với đúng bấy nhiêu ngày ngay trước kỳ, theo lĩnh vực.
-- giới hạn: Báo cáo nói “gia tăng” mà không in số kỳ trước.
-- cách trả lời: tính từ dữ liệu
-- cột: linh_vuc, trong_ky, ky_truoc, thay_doi
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        linh_vuc,
        count(*) FILTER (WHERE CAST(ngay_tiep_nhan AS DATE) >= DATE '2023-12-15') AS trong_ky,
        count(*) FILTER (WHERE CAST(ngay_tiep_nhan AS DATE) < DATE '2023-12-15') AS ky_truoc,
        trong_ky - ky_truoc AS thay_doi
    FROM tthc.pakn_chi_tiet
    WHERE
        CAST(ngay_tiep_nhan AS DATE) <= DATE '2024-06-30'
        AND CAST(ngay_tiep_nhan AS DATE) >= DATE '2023-12-15' - CAST(DATE '2024-06-30' - DATE '2023-12-15' + 1 AS INTEGER)
    GROUP BY linh_vuc
    ORDER BY thay_doi DESC, linh_vuc
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/pakn') THEN 'Không có phản ánh nào trong hai kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/pakn sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
