-- mã: Q-024
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Hồ sơ trình ký nào kẹt quá 24 giờ?
-- nghĩa: Hồ sơ nằm ở bước trình ký hơn 24 giờ làm việc trước bước sau (100 hồ sơ đầu; tong_so là tất cả).
-- giới hạn: 24 giờ là ngưỡng do kho chọn, sửa ngay trong câu hỏi. Cần tên bước trong dvc/qua_trinh.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_ho_so, ma_don_vi, thoi_diem, so_gio_den_buoc_sau, la_buoc_cuoi, tong_so
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_ho_so,
        ma_don_vi,
        thoi_diem,
        so_gio_den_buoc_sau,
        la_buoc_cuoi,
        count(*) OVER () AS tong_so
    FROM tthc.buoc_ho_so
    WHERE loai_buoc = 'trinh_ky' AND so_gio_den_buoc_sau > 24
    ORDER BY so_gio_den_buoc_sau DESC, ma_ho_so
    LIMIT 100
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN EXISTS (SELECT 1 FROM tthc.buoc_ho_so WHERE loai_buoc = 'trinh_ky') THEN 'Không có hồ sơ nào ở bước trình ký quá 24 giờ.'
        ELSE 'Chưa có số: cột Bước xử lý của tệp dvc/qua_trinh sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
