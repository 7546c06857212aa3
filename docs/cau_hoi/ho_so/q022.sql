-- mã: Q-022
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Hồ sơ nào quá hạn chỉ vì không tạm dừng thời gian chờ bổ sung?
-- nghĩa: Hồ sơ xong trong hạn nhờ trừ thời gian chờ bổ sung, nếu không trừ thì quá hạn (100 hồ sơ đầu; tong_so là tất cả).
-- giới hạn: Thời gian chờ lấy từ các bước trong dvc/qua_trinh (quy tắc “Hạn tính lại”).
-- cách trả lời: tính từ dữ liệu
-- cột: ma_ho_so, ten_don_vi, ten_tthc, han_khong_tam_dung, han_tinh_lai, so_ngay_tam_dung, ngay_ket_thuc, tong_so
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_ho_so,
        ten_don_vi,
        ten_tthc,
        han_khong_tam_dung,
        han_tinh_lai,
        so_ngay_tam_dung,
        ngay_ket_thuc,
        count(*) OVER () AS tong_so
    FROM tthc.ho_so
    WHERE
        loai_ra = 'da_giai_quyet'
        AND ngay_ra > han_khong_tam_dung
        AND ngay_ra <= han_tinh_lai
    ORDER BY ma_ho_so
    LIMIT 100
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/qua_trinh') THEN 'Không có hồ sơ nào như vậy.'
        ELSE 'Chưa có số: tệp của nguồn dvc/qua_trinh sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
