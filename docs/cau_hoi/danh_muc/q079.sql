-- mã: Q-079
-- nhóm: Danh mục TTHC
-- mức: cốt lõi
-- câu hỏi: Sở nào chậm trình công bố và chậm bao nhiêu ngày sau quyết định của bộ?
-- nghĩa: Quyết định của tỉnh ra sau quyết định của bộ bao nhiêu ngày, theo cơ quan phụ trách và lĩnh vực của thủ tục, chậm trước; so_tthc_qua_han là số thủ tục quá hạn công bố.
-- giới hạn: Chỉ kể thủ tục mà danh mục ghi cả hai ngày công bố; danh mục ghi chung “các sở” thì lĩnh vực cho biết sở nào. Báo cáo chỉ nêu tên.
-- cách trả lời: tính từ dữ liệu
-- cột: co_quan, linh_vuc, so_tthc, so_quyet_dinh, cham_nhat_ngay, binh_quan_ngay, so_tthc_qua_han
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        coalesce(v.ten_don_vi, d.co_quan) AS co_quan,
        coalesce(d.linh_vuc, 'không ghi lĩnh vực') AS linh_vuc,
        count(DISTINCT d.ma_tthc) AS so_tthc,
        count(DISTINCT d.so_quyet_dinh) AS so_quyet_dinh,
        max(greatest(d.ngay_tinh_cong_bo - d.ngay_bo_cong_bo, 0)) AS cham_nhat_ngay,
        round(avg(greatest(d.ngay_tinh_cong_bo - d.ngay_bo_cong_bo, 0)), 1) AS binh_quan_ngay,
        count(DISTINCT d.ma_tthc) FILTER (WHERE d.so_ngay_cham_cong_bo > 0) AS so_tthc_qua_han
    FROM tthc.danh_muc AS d
    LEFT JOIN tthc.don_vi AS v ON d.ma_don_vi = v.ma_don_vi AND v.moi_nhat
    WHERE d.ngay_bo_cong_bo IS NOT NULL AND d.ngay_tinh_cong_bo IS NOT NULL AND NOT coalesce(d.noi_bo, false)
    GROUP BY coalesce(v.ten_don_vi, d.co_quan), coalesce(d.linh_vuc, 'không ghi lĩnh vực')
    ORDER BY cham_nhat_ngay DESC, linh_vuc, co_quan
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/tthc') THEN 'Không có thủ tục nào ghi cả ngày bộ công bố và ngày tỉnh công bố.'
        ELSE 'Chưa có số: tệp của nguồn dvc/tthc sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
