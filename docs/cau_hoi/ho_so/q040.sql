-- mã: Q-040
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Người dân tự nộp chiếm bao nhiêu trong hồ sơ trực tuyến, theo xã?
-- nghĩa: Hồ sơ trực tuyến trong kỳ do người dân tự nộp (không phải cán bộ nộp hộ) theo xã, phường; cao trước.
-- giới hạn: Chỉ tính hồ sơ mà tệp xuất ghi có hay không nộp hộ.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_don_vi, ten_don_vi, tu_nop, truc_tuyen_co_ghi, phan_tram_tu_nop
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_don_vi,
        ten_don_vi,
        count(*) FILTER (WHERE NOT nop_ho) AS tu_nop,
        count(*) AS truc_tuyen_co_ghi,
        round(100 * count(*) FILTER (WHERE NOT nop_ho) / nullif(count(*), 0), 2) AS phan_tram_tu_nop
    FROM tthc.ho_so
    WHERE
        cap = 'xa'
        AND kenh = 'truc_tuyen'
        AND duoc_tiep_nhan
        AND nop_ho IS NOT NULL
        AND CAST(ngay_tiep_nhan AS DATE) BETWEEN DATE '2023-12-15' AND DATE '2024-06-30'
    GROUP BY ma_don_vi, ten_don_vi
    ORDER BY phan_tram_tu_nop DESC, tu_nop DESC
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: cột Nộp hộ của tệp dvc/ho_so sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
