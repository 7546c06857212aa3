-- mã: Q-073
-- nhóm: Bộ chỉ số 766
-- mức: gần
-- câu hỏi: Nếu nhóm thanh toán bằng bình quân cả nước thì tổng điểm là bao nhiêu?
-- nghĩa: Tổng điểm công bố nếu nhóm thanh toán bằng bình quân cả nước.
-- giới hạn: Báo cáo không in tổng; tổng sáu nhóm in là 83,7.
-- cách trả lời: tính từ dữ liệu
-- cột: ky, tong_cong_bo, thanh_toan, thanh_toan_binh_quan, tong_neu_bang_binh_quan
-- có câu trả lời: bao_cao_goc
WITH tra_loi AS (
    WITH cong AS (
        SELECT *
        FROM chi_so_766.tong_hop
        WHERE la_toan_tinh AND tron_ky AND loai_ky = 'thang' AND diem_cong_qg IS NOT NULL
        QUALIFY ky = max(ky) OVER ()
    )

    SELECT
        t.ky,
        t.diem_cong_qg AS tong_cong_bo,
        p.diem_cong_qg AS thanh_toan,
        p.binh_quan_ca_nuoc AS thanh_toan_binh_quan,
        t.diem_cong_qg - p.diem_cong_qg + p.binh_quan_ca_nuoc AS tong_neu_bang_binh_quan
    FROM cong AS t
    INNER JOIN cong AS p ON p.nhom = 'thanh_toan' AND p.binh_quan_ca_nuoc IS NOT NULL
    WHERE t.nhom = 'tong'
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp bo_chi_so_766/diem chưa có bình quân cả nước của nhóm thanh toán.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
