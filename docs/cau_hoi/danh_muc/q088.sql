-- mã: Q-088
-- nhóm: Danh mục TTHC
-- mức: cốt lõi
-- câu hỏi: Mã TTHC nào của cổng tỉnh chưa ánh xạ được sang mã quốc gia?
-- nghĩa: Thủ tục đang hiệu lực của tỉnh chưa có mã quốc gia, hoặc mã quốc gia không có trên Cổng.
-- giới hạn: Thủ tục nội bộ không cần mã quốc gia nên không kể.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_tthc, ten_tthc, ma_tthc_qg, linh_vuc, tong_so
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_tthc,
        ten_tthc,
        ma_tthc_qg,
        linh_vuc,
        count(*) OVER () AS tong_so
    FROM tthc.danh_muc
    WHERE
        ma_tthc IS NOT NULL
        AND NOT coalesce(noi_bo, false)
        AND hieu_luc_tu <= ngay_so_lieu
        AND coalesce(hieu_luc_den, ngay_so_lieu) >= ngay_so_lieu
        AND anh_xa = 'chua_anh_xa'
    ORDER BY ma_tthc
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/tthc') THEN 'Không có thủ tục nào chưa ánh xạ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/tthc sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
