-- mã: Q-053
-- nhóm: Hộ tịch
-- mức: cốt lõi
-- câu hỏi: Bản ghi của đơn vị đã sáp nhập nào chưa hiển thị ở đơn vị mới?
-- nghĩa: Bản ghi của đơn vị cũ mà chuỗi kế thừa chưa đưa tới đúng một đơn vị ngày nay, theo đơn vị cũ.
-- giới hạn: Phần mềm có hiển thị hay không thì kho không thấy; kho chỉ biết bản ghi không có đơn vị nhận.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_don_vi, ten_don_vi, so_ban_ghi
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_don_vi,
        (SELECT max(d.ten_don_vi) FROM ho_tich.don_vi AS d WHERE d.ma_don_vi = r.ma_don_vi) AS ten_don_vi,
        count(*) AS so_ban_ghi
    FROM ho_tich.dang_ky AS r
    WHERE r.ma_don_vi_hien_nay IS NULL
    GROUP BY r.ma_don_vi
    ORDER BY so_ban_ghi DESC, r.ma_don_vi
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('ho_tich/khai_sinh') THEN 'Không có bản ghi nào thiếu đơn vị hiện nay.'
        ELSE 'Chưa có số: tệp của nguồn ho_tich/khai_sinh sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
