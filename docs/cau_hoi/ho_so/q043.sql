-- mã: Q-043
-- nhóm: Hồ sơ DVC
-- mức: gần
-- câu hỏi: Trả kết quả qua bưu chính mất bao nhiêu ngày?
-- nghĩa: Bưu gửi trả kết quả theo tháng: số lượng, trung vị của trung vị từng đơn vị, và số ngày lâu nhất trong các mức 95%.
-- giới hạn: Trung vị toàn tỉnh không cộng được từ trung vị đơn vị; đây là số gần đúng, số đúng cần từng bưu gửi.
-- cách trả lời: tính từ dữ liệu
-- cột: ky, so_luong, da_phat, trung_vi_ngay, p95_ngay_lon_nhat
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ky,
        CAST(sum(so_luong) AS BIGINT) AS so_luong,
        CAST(sum(da_phat) AS BIGINT) AS da_phat,
        median(trung_vi_ngay) AS trung_vi_ngay,
        max(p95_ngay) AS p95_ngay_lon_nhat
    FROM tthc.buu_gui
    WHERE loai = 'tra_ket_qua'
    GROUP BY ky
    ORDER BY ky
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/buu_gui') THEN 'Không có bưu gửi trả kết quả nào.'
        ELSE 'Chưa có số: tệp của nguồn dvc/buu_gui sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
