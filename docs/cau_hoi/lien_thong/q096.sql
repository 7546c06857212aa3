-- mã: Q-096
-- nhóm: Liên thông
-- mức: gần
-- câu hỏi: Phần mềm của bộ nào chưa kết nối?
-- nghĩa: Hệ thống chưa kết nối, lỗi hoặc đã ngừng, theo cơ quan chủ quản.
-- giới hạn: Báo cáo nêu năm bộ bằng chữ, không có số.
-- cách trả lời: tính từ dữ liệu
-- cột: chu_quan, ten, trang_thai, so_van_ban
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        chu_quan,
        ten,
        trang_thai,
        so_van_ban
    FROM he_thong.ket_noi
    WHERE hien_hanh AND trang_thai <> 'da_ket_noi'
    ORDER BY trang_thai, chu_quan, ten
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('he_thong/ket_noi') THEN 'Không có hệ thống nào chưa kết nối.'
        ELSE 'Chưa có số: tệp của nguồn he_thong/ket_noi sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
