-- mã: Q-067
-- nhóm: Bộ chỉ số 766
-- mức: cốt lõi
-- câu hỏi: Bao nhiêu TTHC một phần, toàn trình; tỷ lệ trên mẫu số nào?
-- nghĩa: Thủ tục một phần và toàn trình trong các thủ tục có trên Cổng quốc gia, và tỷ lệ trên số thủ tục của Cổng.
-- giới hạn: Tỷ lệ in 40,8% và 32,42% chỉ khớp mẫu số 1.934 của Cổng, không khớp 1.907 của danh mục tỉnh (B17).
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH qg AS (
    SELECT DISTINCT
        ma_tthc_qg,
        muc_do_dvc
    FROM tthc.danh_muc
    WHERE
        ma_tthc_qg IS NOT NULL
        AND anh_xa IN ('khop', 'chi_co_tren_cong_qg')
        AND coalesce(hieu_luc_tu, ngay_so_lieu) <= ngay_so_lieu
        AND coalesce(hieu_luc_den, ngay_so_lieu) >= ngay_so_lieu
),
so_sanh AS (
    SELECT
        1 AS stt,
        'Một phần' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-112') AS so_in
    FROM qg WHERE muc_do_dvc = 'mot_phan'
    UNION ALL
    SELECT
        2 AS stt,
        'Một phần (% trên danh mục của Cổng)' AS noi_dung,
        CAST(round(100 * count(*) FILTER (WHERE muc_do_dvc = 'mot_phan') / nullif(count(*), 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-113') AS so_in
    FROM qg
    UNION ALL
    SELECT
        3 AS stt,
        'Toàn trình' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-114') AS so_in
    FROM qg WHERE muc_do_dvc = 'toan_trinh'
    UNION ALL
    SELECT
        4 AS stt,
        'Toàn trình (% trên danh mục của Cổng)' AS noi_dung,
        CAST(round(100 * count(*) FILTER (WHERE muc_do_dvc = 'toan_trinh') / nullif(count(*), 0), 2) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S4-115') AS so_in
    FROM qg
    UNION ALL
    SELECT
        5 AS stt,
        'Mẫu số: thủ tục trên Cổng' AS noi_dung,
        CAST(count(*) AS DOUBLE) AS gia_tri,
        CAST(NULL AS DOUBLE) AS so_in
    FROM qg
    UNION ALL
    SELECT
        6 AS stt,
        'Mẫu số in: thủ tục của tỉnh' AS noi_dung,
        doi_soat.so_in('S4-041') AS gia_tri,
        doi_soat.so_in('S4-041') AS so_in
),
tra_loi AS (
    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE
        (van_hanh.da_co('dvcqg/tthc') OR van_hanh.da_co('bo_chi_so_766/diem'))
        AND EXISTS (SELECT 1 FROM so_sanh WHERE gia_tri IS NOT NULL)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvcqg/tthc') OR van_hanh.da_co('bo_chi_so_766/diem') THEN 'Không có thủ tục nào trên Cổng.'
        ELSE 'Chưa có số: tệp của nguồn dvcqg/tthc hoặc bo_chi_so_766/diem sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
