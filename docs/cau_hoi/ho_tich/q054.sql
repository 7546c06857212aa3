-- mã: Q-054
-- nhóm: Hộ tịch
-- mức: cốt lõi
-- câu hỏi: Bao nhiêu hồ sơ đang “chờ Bộ Công an hủy Số định danh”, lâu nhất bao nhiêu ngày?
-- nghĩa: Số bản ghi đang chờ Bộ Công an hủy số định danh và số ngày chờ lâu nhất.
-- giới hạn: Ngày chờ đếm từ lần đầu kho thấy trạng thái ấy.
-- cách trả lời: tính từ dữ liệu
-- cột: cho_huy, lau_nhat_ngay
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        CAST(sum(cho_huy) AS BIGINT) AS cho_huy,
        max(cho_huy_lau_nhat_ngay) AS lau_nhat_ngay
    FROM ho_tich.so_dinh_danh
    HAVING count(*) > 0
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn ho_tich/khai_sinh sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
