-- mã: Q-089
-- nhóm: Danh mục TTHC
-- mức: cốt lõi
-- câu hỏi: TTHC nào ghi thời hạn lẫn “ngày” và “ngày làm việc”?
-- nghĩa: Lĩnh vực có thủ tục ghi thời hạn theo “ngày” lẫn thủ tục ghi theo “ngày làm việc”.
-- giới hạn: Từng thủ tục chỉ có một đơn vị thời hạn trong tệp; chỗ lẫn lộn thấy được ở mức lĩnh vực.
-- cách trả lời: tính từ dữ liệu
-- cột: linh_vuc, theo_ngay, theo_ngay_lam_viec
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        linh_vuc,
        count(*) FILTER (WHERE don_vi_thoi_han = 'ngay') AS theo_ngay,
        count(*) FILTER (WHERE don_vi_thoi_han = 'ngay_lam_viec') AS theo_ngay_lam_viec
    FROM tthc.danh_muc
    WHERE
        ma_tthc IS NOT NULL
        AND NOT coalesce(noi_bo, false)
        AND hieu_luc_tu <= ngay_so_lieu
        AND coalesce(hieu_luc_den, ngay_so_lieu) >= ngay_so_lieu
    GROUP BY linh_vuc
    HAVING count(DISTINCT don_vi_thoi_han) FILTER (WHERE don_vi_thoi_han IN ('ngay', 'ngay_lam_viec')) = 2
    ORDER BY linh_vuc
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/tthc') THEN 'Không có lĩnh vực nào lẫn hai đơn vị.'
        ELSE 'Chưa có số: tệp của nguồn dvc/tthc sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
