-- mã: Q-016
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Sở, cơ quan nào trả lại hồ sơ nhiều nhất?
-- nghĩa: Đơn vị có nhiều hồ sơ bị từ chối, rút hoặc dừng nhất trong kỳ (10 đơn vị đầu).
-- giới hạn: Báo cáo chỉ nêu tên sáu cơ quan, không in số.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_don_vi, ten_don_vi, so_ho_so, tu_choi_tiep_nhan
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_don_vi,
        ten_don_vi,
        CAST(sum(so_ho_so) AS BIGINT) AS so_ho_so,
        CAST(sum(tu_choi_tiep_nhan) AS BIGINT) AS tu_choi_tiep_nhan
    FROM tthc.bieu_tra_lai_don_vi('2023-12-15', '2024-06-30')
    GROUP BY ma_don_vi, ten_don_vi
    ORDER BY so_ho_so DESC, ma_don_vi
    LIMIT 10
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào bị trả lại trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
