-- mã: Q-065
-- nhóm: Bộ chỉ số 766
-- mức: cốt lõi
-- câu hỏi: Nhóm nào mất nhiều điểm nhất so với tối đa?
-- nghĩa: Điểm còn thiếu so với tối đa của từng nhóm, thiếu nhiều trước.
-- giới hạn: Số in lấy từ tệp bao_cao/so_lieu; để trống khi tệp chưa có báo cáo ấy.
-- cách trả lời: tính từ dữ liệu
-- cột: ky, ten_nhom, diem_cong_qg, diem_thieu, diem_thieu_theo_so_in
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH cong AS (
        SELECT *
        FROM chi_so_766.tong_hop
        WHERE la_toan_tinh AND tron_ky AND loai_ky = 'thang' AND diem_cong_qg IS NOT NULL
        QUALIFY ky = max(ky) OVER ()
    )

    SELECT
        t.ky,
        t.ten_nhom,
        t.diem_cong_qg,
        t.diem_toi_da_day_du - t.diem_cong_qg AS diem_thieu,
        t.diem_toi_da_day_du - CASE t.nhom
            WHEN 'cong_khai' THEN doi_soat.so_in('S4-105')
            WHEN 'tien_do' THEN doi_soat.so_in('S4-108')
            WHEN 'truc_tuyen' THEN doi_soat.so_in('S4-110')
            WHEN 'thanh_toan' THEN doi_soat.so_in('S4-118')
            WHEN 'so_hoa' THEN doi_soat.so_in('S4-124')
            WHEN 'hai_long' THEN doi_soat.so_in('S4-133')
        END AS diem_thieu_theo_so_in
    FROM cong AS t
    WHERE t.nhom <> 'tong'
    ORDER BY diem_thieu DESC
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn bo_chi_so_766/diem sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
