-- mã: Q-061
-- nhóm: Bộ chỉ số 766
-- mức: cốt lõi
-- câu hỏi: Tỉnh xếp thứ mấy trên bao nhiêu tỉnh?
-- nghĩa: Thứ hạng Cổng quốc gia công bố cho toàn tỉnh trong tháng trọn gần nhất, trên bao nhiêu tỉnh.
-- giới hạn: Ưu tiên hạng của tổng điểm; Cổng không công bố thì lấy hạng của nhóm có hạng.
-- cách trả lời: tính từ dữ liệu
-- cột: ky, ten_nhom, xep_hang_cong_qg, so_don_vi_xep_hang, so_in
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
        t.xep_hang_cong_qg,
        t.so_don_vi_xep_hang,
        doi_soat.so_in('S4-104') AS so_in
    FROM cong AS t
    WHERE t.xep_hang_cong_qg IS NOT NULL
    ORDER BY t.nhom = 'tong' DESC, t.nhom
    LIMIT 1
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn bo_chi_so_766/diem sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
