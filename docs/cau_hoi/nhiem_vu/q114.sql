-- mã: Q-114
-- nhóm: Nhiệm vụ
-- mức: gần
-- câu hỏi: Nhiệm vụ nào đến hạn trong 30 ngày, của đơn vị nào?
-- nghĩa: Nhiệm vụ chưa xong có hạn trong 30 ngày tới kể từ ngày số liệu, theo đơn vị.
-- giới hạn: Báo cáo in hai hạn: 22/7/2024 và 30/9/2024 (“trước ngày”).
-- cách trả lời: tính từ dữ liệu
-- cột: ma_nhiem_vu, ke_hoach, ten_nhiem_vu, ma_don_vi, han, con_lai_ngay
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_nhiem_vu,
        ke_hoach,
        ten_nhiem_vu,
        ma_don_vi,
        han,
        con_lai_ngay
    FROM dieu_hanh.nhiem_vu
    WHERE trang_thai <> 'xong' AND con_lai_ngay BETWEEN 0 AND 30
    ORDER BY han, ma_nhiem_vu
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('chi_dao/nhiem_vu') THEN 'Không có nhiệm vụ nào đến hạn trong 30 ngày tới.'
        ELSE 'Chưa có số: tệp của nguồn chi_dao/nhiem_vu sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
