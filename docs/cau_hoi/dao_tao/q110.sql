-- mã: Q-110
-- nhóm: Đào tạo
-- mức: gần
-- câu hỏi: Kế hoạch 2024 mở bao nhiêu lớp, bao nhiêu học viên?
-- nghĩa: Số lớp và số học viên theo kế hoạch, từng khóa.
-- giới hạn: Số in lấy từ tệp bao_cao/so_lieu; để trống khi tệp chưa có báo cáo ấy. Số in 6 lớp, 600 học viên và 3 lớp.
-- cách trả lời: tính từ dữ liệu
-- cột: khoa_hoc, so_lop, so_hoc_vien, so_lop_in, so_hoc_vien_in, so_lop_cntt_in
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        khoa_hoc,
        CAST(sum(ke_hoach_lop) AS BIGINT) AS so_lop,
        CAST(sum(ke_hoach_hoc_vien) AS BIGINT) AS so_hoc_vien,
        doi_soat.so_in('S0-069') AS so_lop_in,
        doi_soat.so_in('S0-070') AS so_hoc_vien_in,
        doi_soat.so_in('S0-071') AS so_lop_cntt_in
    FROM dieu_hanh.dao_tao
    GROUP BY khoa_hoc
    HAVING sum(ke_hoach_lop) > 0 OR sum(ke_hoach_hoc_vien) > 0
    ORDER BY khoa_hoc
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dao_tao/ket_qua') THEN 'Không có khóa nào ghi kế hoạch.'
        ELSE 'Chưa có số: tệp của nguồn dao_tao/ket_qua sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
