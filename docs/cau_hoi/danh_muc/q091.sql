-- mã: Q-091
-- nhóm: Danh mục TTHC
-- mức: gần
-- câu hỏi: 121 TTHC phải rà soát: bao nhiêu đơn vị đã báo cáo trước hạn 22/7/2024?
-- nghĩa: Nhiệm vụ rà soát thủ tục: bao nhiêu đơn vị đã xong, bao nhiêu chưa, hạn nào; tiếp theo là các số in.
-- giới hạn: Một trong năm đơn vị đã gửi báo cáo không đề xuất gì: kho không biết nội dung đề xuất.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, don_vi_xong, don_vi_chua_xong, han, thu_tuc_in, don_vi_xong_in, han_in
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ke_hoach AS noi_dung,
        count(DISTINCT ma_don_vi) FILTER (WHERE trang_thai = 'xong') AS don_vi_xong,
        count(DISTINCT ma_don_vi) FILTER (WHERE trang_thai <> 'xong') AS don_vi_chua_xong,
        max(han) AS han,
        doi_soat.so_in('S4-019') AS thu_tuc_in,
        doi_soat.so_in('S4-021') AS don_vi_xong_in,
        (SELECT gia_tri_ngay FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S4-020') AS han_in
    FROM dieu_hanh.nhiem_vu
    WHERE lower(concat(ke_hoach, ' ', ten_nhiem_vu)) LIKE '%rà soát%'
    GROUP BY ke_hoach
    ORDER BY ke_hoach
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('chi_dao/nhiem_vu') THEN 'Không có nhiệm vụ rà soát nào.'
        ELSE 'Chưa có số: tệp của nguồn chi_dao/nhiem_vu sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
