-- mã: Q-030
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: 10 TTHC có hồ sơ trực tuyến cao nhất là những thủ tục nào?
-- nghĩa: Mười thủ tục có nhiều hồ sơ nộp trực tuyến nhất trong kỳ.
-- giới hạn: Báo cáo nói 10 thủ tục nhưng chỉ nêu tên 7, không in số từng thủ tục.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_tthc, ten_tthc, truc_tuyen, phan_tram_truc_tuyen
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_tthc,
        ten_tthc,
        truc_tuyen,
        round(100 * ty_le_truc_tuyen, 2) AS phan_tram_truc_tuyen
    FROM tthc.bieu_giai_quyet_tthc('2023-12-15', '2024-06-30')
    WHERE truc_tuyen > 0
    ORDER BY truc_tuyen DESC, ma_tthc
    LIMIT 10
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ trực tuyến nào trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
