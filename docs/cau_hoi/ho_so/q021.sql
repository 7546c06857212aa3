-- mã: Q-021
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Hồ sơ nào quá hạn nếu tính “ngày” nhưng không quá hạn nếu tính “ngày làm việc”?
-- nghĩa: Hồ sơ đã xong sau hạn nếu đếm ngày lịch nhưng trong hạn theo ngày làm việc (100 hồ sơ đầu; tong_so là tất cả).
-- giới hạn: Hạn tính lại theo thời hạn trong danh mục thủ tục và lịch làm việc (quy tắc “Hạn tính lại”).
-- cách trả lời: tính từ dữ liệu
-- cột: ma_ho_so, ten_don_vi, ten_tthc, han_theo_ngay_lich, han_tinh_lai, ngay_ket_thuc, tong_so
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_ho_so,
        ten_don_vi,
        ten_tthc,
        han_theo_ngay_lich,
        han_tinh_lai,
        ngay_ket_thuc,
        count(*) OVER () AS tong_so
    FROM tthc.ho_so
    WHERE
        loai_ra = 'da_giai_quyet'
        AND ngay_ra > han_theo_ngay_lich
        AND ngay_ra <= han_tinh_lai
    ORDER BY ma_ho_so
    LIMIT 100
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào như vậy.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so hoặc dvc/tthc sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
