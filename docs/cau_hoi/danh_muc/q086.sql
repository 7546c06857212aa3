-- mã: Q-086
-- nhóm: Danh mục TTHC
-- mức: gần
-- câu hỏi: Bao nhiêu TTHC được cắt giảm thời hạn theo cấp; Công an cắt bao nhiêu ngày?
-- nghĩa: Thủ tục mà phiên bản sau có thời hạn ngắn hơn phiên bản trước (cùng đơn vị thời hạn), theo cấp; tiếp theo là các số in của Công an.
-- giới hạn: Số ngày cắt của Công an (78,5/205; 12/29; 9/27) chỉ có trong báo cáo; 9/27 là 33,33% chứ không phải 32,76% như in (E15).
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
WITH cat AS (
    SELECT
        ma_tthc,
        cap,
        CASE
            WHEN lag(don_vi_thoi_han) OVER (PARTITION BY ma_tthc ORDER BY hieu_luc_tu) = don_vi_thoi_han
                THEN lag(thoi_han) OVER (PARTITION BY ma_tthc ORDER BY hieu_luc_tu) - thoi_han
        END AS so_ngay_cat
    FROM tthc.danh_muc
    WHERE ma_tthc IS NOT NULL AND hieu_luc_tu <= ngay_so_lieu AND don_vi_thoi_han IN ('ngay', 'ngay_lam_viec')
),
so_sanh AS (
    SELECT
        1 AS stt,
        'Thủ tục được cắt thời hạn, cấp tỉnh' AS noi_dung,
        CAST(count(DISTINCT ma_tthc) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-010') AS so_in
    FROM cat WHERE so_ngay_cat > 0 AND cap = 'tinh'
    UNION ALL
    SELECT
        2 AS stt,
        'Thủ tục được cắt thời hạn, cấp huyện' AS noi_dung,
        CAST(count(DISTINCT ma_tthc) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-011') AS so_in
    FROM cat WHERE so_ngay_cat > 0 AND cap = 'huyen'
    UNION ALL
    SELECT
        3 AS stt,
        'Thủ tục được cắt thời hạn, cấp xã' AS noi_dung,
        CAST(count(DISTINCT ma_tthc) AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-012') AS so_in
    FROM cat WHERE so_ngay_cat > 0 AND cap = 'xa'
    UNION ALL
    SELECT
        4 AS stt,
        'Tổng số ngày cắt, mọi cấp' AS noi_dung,
        CAST(sum(so_ngay_cat) AS DOUBLE) AS gia_tri,
        CAST(NULL AS DOUBLE) AS so_in
    FROM cat WHERE so_ngay_cat > 0
    UNION ALL
    SELECT
        5 AS stt,
        'Công an cấp tỉnh: ngày cắt trên ngày cũ, tính từ số in (%)' AS noi_dung,
        CAST((SELECT round(100 * gia_tri / nullif(mau_so, 0), 2) FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S0-014') AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-015') AS so_in
    UNION ALL
    SELECT
        6 AS stt,
        'Công an cấp huyện: ngày cắt trên ngày cũ, tính từ số in (%)' AS noi_dung,
        CAST((SELECT round(100 * gia_tri / nullif(mau_so, 0), 2) FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S0-017') AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-018') AS so_in
    UNION ALL
    SELECT
        7 AS stt,
        'Công an cấp xã: ngày cắt trên ngày cũ, tính từ số in (%)' AS noi_dung,
        CAST((SELECT round(100 * gia_tri / nullif(mau_so, 0), 2) FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'S0-020') AS DOUBLE) AS gia_tri,
        doi_soat.so_in('S0-021') AS so_in
),
tra_loi AS (
    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE
        van_hanh.da_co('dvc/tthc')
        AND EXISTS (SELECT 1 FROM so_sanh WHERE gia_tri IS NOT NULL)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/tthc') THEN 'Không có thủ tục nào trong danh mục.'
        ELSE 'Chưa có số: tệp của nguồn dvc/tthc sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
