-- mã: Q-012
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Huyện nào có hồ sơ quá hạn và bao nhiêu?
-- nghĩa: Đơn vị cấp huyện có hồ sơ xong quá hạn trong kỳ, và hồ sơ đang quá hạn cuối kỳ.
-- giới hạn: Báo cáo in 14, 23, 20 cho ba huyện và nêu tên Sở Tư pháp mà không có số. Từ 01/7/2025 không còn cấp huyện.
-- cách trả lời: tính từ dữ liệu
-- cột: ten_don_vi, qua_han, dang_qua_han, so_in
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        d.ten_don_vi,
        d.qua_han,
        d.dang_qua_han,
        (
            SELECT max(i.gia_tri)
            FROM doi_soat.so_lieu_bao_cao AS i
            WHERE
                i.chi_tieu = 'agency_late_dossiers'
                AND (i.tu_ngay IS NULL OR (i.tu_ngay = DATE '2023-12-15' AND i.den_ngay = DATE '2024-06-30'))
                AND (i.ma_don_vi = d.ma_don_vi OR suffix(d.ten_don_vi, nullif(trim(split_part(i.pham_vi, '/', 3)), '')))
        ) AS so_in
    FROM tthc.bieu_giai_quyet_don_vi('2023-12-15', '2024-06-30') AS d
    WHERE
        d.qua_han + d.dang_qua_han > 0
        AND d.ma_don_vi IN (SELECT v.ma_don_vi FROM tthc.don_vi AS v WHERE v.cap = 'huyen')
    ORDER BY d.qua_han DESC, d.ten_don_vi
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ quá hạn nào ở cấp huyện.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so hoặc dvc/co_quan sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
