-- mã: Q-019
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Tỷ lệ đúng hạn ở cổng tỉnh và ở DVCQG chênh bao nhiêu, do những hồ sơ nào?
-- nghĩa: Tỷ lệ đúng hạn của hai bên và số hồ sơ theo từng loại lệch làm nên khoảng cách; hồ sơ cụ thể ở doi_soat.hai_cong.
-- giới hạn: Báo cáo in 98,54% của Cổng quốc gia, còn số của chính báo cáo cho 99,25%. Khi chưa có tệp dvcqg/ho_so, mọi hồ sơ là “chưa xét” và bên Cổng để trống.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH hai_cong AS (
    SELECT *
    FROM doi_soat.hai_cong_ty_le
    WHERE chi_tieu = 'dung_han'
),
so_sanh AS (
    SELECT
        1 AS stt,
        'Theo hồ sơ của tỉnh (%)' AS noi_dung,
        CAST(round(100 * sum(tu_so_tinh) / nullif(sum(mau_so_tinh), 0), 2) AS DOUBLE) AS gia_tri,
        round(100 * (doi_soat.so_in('S4-056') + doi_soat.so_in('S4-057')) / nullif(doi_soat.so_in('S4-055'), 0), 2) AS so_in
    FROM hai_cong
    UNION ALL
    SELECT
        2 AS stt,
        'Theo Cổng quốc gia (%)' AS noi_dung,
        CAST(round(100 * sum(tu_so_qg) / nullif(sum(mau_so_qg), 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-107') AS so_in
    FROM hai_cong
    UNION ALL
    SELECT
        3 AS stt,
        concat('Số hồ sơ: ', loai_lech_ten) AS noi_dung,
        CAST(greatest(sum(mau_so_tinh), sum(mau_so_qg)) AS DOUBLE) AS gia_tri,
        CAST(NULL AS DOUBLE) AS so_in
    FROM hai_cong
    WHERE loai_lech <> 'khop'
    GROUP BY loai_lech_ten
),
tra_loi AS (
    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE
        van_hanh.da_co('dvc/ho_so')
        AND EXISTS (SELECT 1 FROM so_sanh WHERE gia_tri IS NOT NULL)
    ORDER BY stt, gia_tri DESC
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ nào để so hai cổng.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
