-- mã: Q-079
-- nhóm: Danh mục TTHC
-- mức: cốt lõi
-- câu hỏi: Sở nào chậm trình công bố và chậm bao nhiêu ngày sau quyết định của bộ?
-- nghĩa: Quyết định của tỉnh ra sau quyết định của bộ bao nhiêu ngày, theo lĩnh vực, chậm trước.
-- giới hạn: Danh mục không ghi sở trình; lĩnh vực thay cho sở. Báo cáo chỉ nêu tên.
-- cách trả lời: tính từ dữ liệu
-- cột: linh_vuc, so_quyet_dinh, cham_nhat_ngay, binh_quan_ngay
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        coalesce(linh_vuc, 'không ghi lĩnh vực') AS linh_vuc,
        count(*) AS so_quyet_dinh,
        max(so_ngay_cham) AS cham_nhat_ngay,
        round(avg(so_ngay_cham), 1) AS binh_quan_ngay
    FROM tthc.cong_bo
    WHERE so_ngay_cham IS NOT NULL
    GROUP BY linh_vuc
    ORDER BY cham_nhat_ngay DESC, linh_vuc
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN EXISTS (SELECT 1 FROM van_hanh.nguon WHERE nguon_du_lieu IN ('dvc/van_ban') AND tep_cuoi IS NOT NULL) THEN 'Không có quyết định nào có ngày công bố của bộ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/van_ban hoặc dvc/tthc sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
