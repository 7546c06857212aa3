-- mã: Q-109
-- nhóm: Đào tạo
-- mức: gần
-- câu hỏi: MOOC: đăng ký, kích hoạt, hoàn thành, giảm trừ; còn bao nhiêu chưa rõ?
-- nghĩa: Phễu của nền tảng MOOC và số tài khoản còn chưa rõ (đăng ký trừ hoàn thành trừ giảm trừ).
-- giới hạn: 30 tài khoản không được giải thích (E24); 3.226/3.235 là 99,72%, báo cáo in 99,8% (E22).
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: bao_cao_goc
WITH tra_loi AS (
    WITH khoa AS (
        SELECT
            sum(dang_ky) AS dang_ky,
            sum(kich_hoat) AS kich_hoat,
            sum(hoan_thanh) AS hoan_thanh,
            sum(chung_chi) AS chung_chi,
            sum(giam_tru) AS giam_tru,
            sum(chua_ro) AS chua_ro
        FROM dieu_hanh.dao_tao
        WHERE lower(khoa_hoc) LIKE '%mooc%'
        HAVING count(*) > 0
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Đăng ký' AS noi_dung,
            CAST(dang_ky AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-080') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            2 AS stt,
            'Kích hoạt' AS noi_dung,
            CAST(kich_hoat AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-081') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            3 AS stt,
            'Kích hoạt (%)' AS noi_dung,
            CAST(round(100 * kich_hoat / nullif(dang_ky, 0), 2) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-082') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            4 AS stt,
            'Hoàn thành' AS noi_dung,
            CAST(hoan_thanh AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-083') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            5 AS stt,
            'Hoàn thành (%)' AS noi_dung,
            CAST(round(100 * hoan_thanh / nullif(dang_ky, 0), 1) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-084') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            6 AS stt,
            'Giảm trừ' AS noi_dung,
            CAST(giam_tru AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-085') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            7 AS stt,
            'Chưa rõ' AS noi_dung,
            CAST(chua_ro AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-080') - doi_soat.so_in('S0-083') - doi_soat.so_in('S0-085') AS so_in
        FROM khoa
    )

    SELECT
        noi_dung,
        gia_tri,
        so_in,
        round(gia_tri - so_in, 2) AS chenh_lech
    FROM so_sanh
    WHERE EXISTS (SELECT 1 FROM khoa)
    ORDER BY stt
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn dao_tao/ket_qua sẽ trả lời câu này. Cần một khóa có tên chứa “MOOC”.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
