-- mã: Q-063
-- nhóm: Bộ chỉ số 766
-- mức: cốt lõi
-- câu hỏi: Nhóm nào thấp hơn bình quân cả nước?
-- nghĩa: Nhóm có điểm công bố thấp hơn bình quân cả nước trong tháng trọn gần nhất.
-- giới hạn: Nhóm mà Cổng không công bố bình quân thì không so được.
-- cách trả lời: tính từ dữ liệu
-- cột: ky, ten_nhom, diem_cong_qg, binh_quan_ca_nuoc, binh_quan_in
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
        t.binh_quan_ca_nuoc,
        CASE t.nhom
            WHEN 'cong_khai' THEN doi_soat.so_in('S4-106')
            WHEN 'tien_do' THEN doi_soat.so_in('S4-109')
            WHEN 'truc_tuyen' THEN doi_soat.so_in('S4-111')
            WHEN 'thanh_toan' THEN doi_soat.so_in('S4-119')
            WHEN 'so_hoa' THEN doi_soat.so_in('S4-125')
        END AS binh_quan_in
    FROM cong AS t
    WHERE t.diem_cong_qg < t.binh_quan_ca_nuoc AND t.nhom <> 'tong'
    ORDER BY t.nhom
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('bo_chi_so_766/diem') THEN 'Không có nhóm nào thấp hơn bình quân trong các nhóm có công bố bình quân.'
        ELSE 'Chưa có số: tệp của nguồn bo_chi_so_766/diem sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
