-- mã: Q-008
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Vì sao tiếp nhận trừ đã giải quyết (9.910) khác số đang giải quyết (9.893)? Liệt kê 17 hồ sơ.
-- nghĩa: Tiếp nhận trừ đã giải quyết gồm cả hồ sơ rút hoặc dừng xử lý; đó là các hồ sơ được liệt kê.
-- giới hạn: Báo cáo in 9.893 đang giải quyết, còn 314.849 − 304.939 = 9.910; 17 hồ sơ chênh được kho xếp là trả lại trong kỳ.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_ho_so, ten_don_vi, ten_tthc, trang_thai, ngay_ra, so_ho_so_chenh, tiep_nhan_tru_da_giai_quyet, dang_giai_quyet
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        h.ma_ho_so,
        h.ten_don_vi,
        h.ten_tthc,
        h.trang_thai,
        h.ngay_ra,
        count(*) OVER () AS so_ho_so_chenh,
        (SELECT tiep_nhan - da_giai_quyet FROM tthc.bieu_giai_quyet('2023-12-15', '2024-06-30') WHERE pham_vi = 'toan_tinh') AS tiep_nhan_tru_da_giai_quyet,
        (SELECT dang_giai_quyet FROM tthc.bieu_giai_quyet('2023-12-15', '2024-06-30') WHERE pham_vi = 'toan_tinh') AS dang_giai_quyet
    FROM tthc.ho_so AS h
    WHERE
        h.duoc_tiep_nhan
        AND h.loai_ra = 'tra_lai'
        AND h.ngay_ra BETWEEN DATE '2023-12-15' AND DATE '2024-06-30'
    ORDER BY h.ngay_ra, h.ma_ho_so
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào trả lại trong kỳ: hai số bằng nhau.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
