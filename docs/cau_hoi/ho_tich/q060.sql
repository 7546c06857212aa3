-- mã: Q-060
-- nhóm: Hộ tịch
-- mức: cốt lõi
-- câu hỏi: Bao nhiêu trẻ có số định danh sai đang chờ sửa, theo số ngày?
-- nghĩa: Bản ghi khai sinh có số định danh sai cấu trúc và bản ghi chờ hủy số, theo tháng đăng ký, cũ trước.
-- giới hạn: “Sai” ở đây là trái cấu trúc số định danh hoặc đang chờ hủy; số đúng cấu trúc nhưng cấp nhầm người thì kho không thấy.
-- cách trả lời: tính từ dữ liệu
-- cột: ky, sai_cau_truc, cho_huy, cho_huy_lau_nhat_ngay
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ky,
        CAST(sum(sai_cau_truc) AS BIGINT) AS sai_cau_truc,
        CAST(sum(cho_huy) AS BIGINT) AS cho_huy,
        max(cho_huy_lau_nhat_ngay) AS cho_huy_lau_nhat_ngay
    FROM ho_tich.so_dinh_danh
    GROUP BY ky
    HAVING sum(sai_cau_truc) + sum(cho_huy) > 0
    ORDER BY ky
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('ho_tich/khai_sinh') THEN 'Không có bản ghi nào như vậy.'
        ELSE 'Chưa có số: tệp của nguồn ho_tich/khai_sinh sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
