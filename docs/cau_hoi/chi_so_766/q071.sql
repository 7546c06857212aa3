-- mã: Q-071
-- nhóm: Bộ chỉ số 766
-- mức: cốt lõi
-- câu hỏi: Điểm 766 tăng hay giảm so với tháng trước, nhóm nào?
-- nghĩa: Điểm công bố tháng trọn gần nhất so với tháng trước, từng nhóm; bên cạnh là thay đổi của điểm kho tính.
-- giới hạn: Báo cáo tháng 9/2024 chỉ nói “được tăng lên”, không in số.
-- cách trả lời: tính từ dữ liệu
-- cột: ky, ten_nhom, diem_cong_qg, thay_doi_cong_qg, thay_doi_kho_tinh
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
        t.thay_doi_cong_qg,
        t.thay_doi_so_voi_ky_truoc AS thay_doi_kho_tinh
    FROM cong AS t
    ORDER BY t.thay_doi_cong_qg
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn bo_chi_so_766/diem sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
