-- mã: Q-041
-- nhóm: Hồ sơ DVC
-- mức: gần
-- câu hỏi: Từ 01/7/2024 còn hồ sơ nào không dùng tài khoản VNeID?
-- nghĩa: Hồ sơ trực tuyến tiếp nhận từ 01/7/2024 mà tài khoản nộp không phải VNeID, theo tháng và loại tài khoản.
-- giới hạn: Chỉ tính hồ sơ mà tệp xuất ghi loại tài khoản.
-- cách trả lời: tính từ dữ liệu
-- cột: ky, tai_khoan, so_ho_so
-- có câu trả lời: mau_nho
WITH tra_loi AS (
    SELECT
        strftime(ngay_tiep_nhan, '%Y-%m') AS ky,
        tai_khoan,
        count(*) AS so_ho_so
    FROM tthc.ho_so
    WHERE
        CAST(ngay_tiep_nhan AS DATE) >= DATE '2024-07-01'
        AND duoc_tiep_nhan
        AND kenh = 'truc_tuyen'
        AND tai_khoan <> 'vneid'
    GROUP BY ky, tai_khoan
    ORDER BY ky, tai_khoan
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN EXISTS (SELECT 1 FROM tthc.ho_so WHERE tai_khoan IS NOT NULL AND CAST(ngay_tiep_nhan AS DATE) >= DATE '2024-07-01') THEN 'Không còn hồ sơ nào nộp bằng tài khoản khác VNeID.'
        ELSE 'Chưa có số: cần hồ sơ từ 01/7/2024 và cột Loại tài khoản của tệp dvc/ho_so.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
