-- mã: Q-044
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Lĩnh vực nào số liệu trên cổng ít hơn thực tế (Kế hoạch và Đầu tư, Giao thông vận tải)?
-- nghĩa: Lĩnh vực mà hệ thống chuyên ngành đếm nhiều hồ sơ hơn Cổng của tỉnh, thiếu nhiều trước.
-- giới hạn: Cần số đếm của hệ thống chuyên ngành (nganh_doc/tong_hop).
-- cách trả lời: tính từ dữ liệu
-- cột: linh_vuc, ma_he_thong, tren_cong, ngoai_cong, phan_tram_phu
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        linh_vuc,
        ma_he_thong,
        CAST(sum(tren_cong) AS BIGINT) AS tren_cong,
        CAST(sum(ngoai_cong) AS BIGINT) AS ngoai_cong,
        round(100 * sum(tren_cong) / nullif(sum(tren_cong) + sum(ngoai_cong), 0), 2) AS phan_tram_phu
    FROM tthc.do_phu
    WHERE tren_cong IS NOT NULL
    GROUP BY linh_vuc, ma_he_thong
    HAVING sum(ngoai_cong) > sum(tren_cong)
    ORDER BY ngoai_cong DESC
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('nganh_doc/tong_hop') THEN 'Không có lĩnh vực nào như vậy.'
        ELSE 'Chưa có số: tệp của nguồn nganh_doc/tong_hop sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
