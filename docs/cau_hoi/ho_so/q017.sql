-- mã: Q-017
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Đơn vị nào giải quyết trước hạn (hay đúng và trước hạn) 100%?
-- nghĩa: Tỷ lệ trước hạn và tỷ lệ đúng-và-trước hạn của từng đơn vị, trên hồ sơ đã giải quyết có hạn, cao trước (30 đơn vị đầu).
-- giới hạn: Báo cáo gọi cùng một cột khi là “trước hạn”, khi là “đúng và trước hạn”; hai tỷ lệ đứng cạnh nhau để đối chiếu.
-- cách trả lời: tính từ dữ liệu
-- cột: ten_don_vi, da_giai_quyet, phan_tram_truoc_han, phan_tram_dung_va_truoc_han, so_in
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        d.ten_don_vi,
        d.da_giai_quyet,
        round(100 * d.truoc_han / nullif(d.mau_so_dung_va_truoc_han, 0), 2) AS phan_tram_truoc_han,
        round(100 * d.ty_le_dung_va_truoc_han, 2) AS phan_tram_dung_va_truoc_han,
        (
            SELECT max(i.gia_tri)
            FROM doi_soat.so_lieu_bao_cao AS i
            WHERE
                i.chi_tieu = 'agency_early_rate'
                AND (i.tu_ngay IS NULL OR (i.tu_ngay = DATE '2023-12-15' AND i.den_ngay = DATE '2024-06-30'))
                AND (i.ma_don_vi = d.ma_don_vi OR suffix(d.ten_don_vi, nullif(trim(split_part(i.pham_vi, '/', 3)), '')))
        ) AS so_in
    FROM tthc.bieu_giai_quyet_don_vi('2023-12-15', '2024-06-30') AS d
    WHERE d.da_giai_quyet > 0
    ORDER BY phan_tram_dung_va_truoc_han DESC, phan_tram_truoc_han DESC, d.da_giai_quyet DESC
    LIMIT 30
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào được giải quyết trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
