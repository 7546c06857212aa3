-- mã: Q-049
-- nhóm: Thanh toán
-- mức: cốt lõi
-- câu hỏi: Giao dịch thanh toán lỗi bao nhiêu, theo mã lỗi?
-- nghĩa: Giao dịch thanh toán thất bại theo mã lỗi của cổng thanh toán.
-- giới hạn: Mã lỗi giữ như tệp xuất; để trống là tệp không ghi.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_loi, so_giao_dich, so_ho_so
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_loi,
        count(*) AS so_giao_dich,
        count(DISTINCT ma_ho_so) AS so_ho_so
    FROM tthc.giao_dich
    WHERE ket_qua = 'that_bai'
    GROUP BY ma_loi
    ORDER BY so_giao_dich DESC, ma_loi
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/thanh_toan') THEN 'Không có giao dịch nào thất bại.'
        ELSE 'Chưa có số: tệp của nguồn dvc/thanh_toan sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
