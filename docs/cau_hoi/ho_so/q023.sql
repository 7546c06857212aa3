-- mã: Q-023
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Hồ sơ đã đóng nào không có tệp kết quả?
-- nghĩa: Hồ sơ đã xong mà tệp xuất ghi không có bản điện tử của kết quả (100 hồ sơ đầu; tong_so là tất cả).
-- giới hạn: Kho biết cờ “có kết quả điện tử”, không mở tệp kết quả.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_ho_so, ten_don_vi, ten_tthc, ngay_ket_thuc, trang_thai, tong_so
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_ho_so,
        ten_don_vi,
        ten_tthc,
        ngay_ket_thuc,
        trang_thai,
        count(*) OVER () AS tong_so
    FROM tthc.ho_so
    WHERE
        trang_thai IN ('da_xu_ly_xong', 'da_tra_ket_qua')
        AND NOT ket_qua_dien_tu
    ORDER BY ma_ho_so
    LIMIT 100
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào như vậy.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
