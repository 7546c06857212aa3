-- mã: Q-013
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Hồ sơ chậm muộn tập trung ở lĩnh vực nào?
-- nghĩa: Hồ sơ xong quá hạn trong kỳ theo lĩnh vực của thủ tục.
-- giới hạn: Báo cáo nêu đất đai và tư pháp bằng chữ, không in số.
-- cách trả lời: tính từ dữ liệu
-- cột: linh_vuc, qua_han, phan_tram
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        linh_vuc,
        CAST(sum(giai_quyet_qua_han) AS BIGINT) AS qua_han,
        round(100 * sum(giai_quyet_qua_han) / nullif(sum(sum(giai_quyet_qua_han)) OVER (), 0), 2) AS phan_tram
    FROM tthc.bieu_06a('2023-12-15', '2024-06-30')
    GROUP BY linh_vuc
    HAVING sum(giai_quyet_qua_han) > 0
    ORDER BY qua_han DESC, linh_vuc
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ quá hạn nào trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
