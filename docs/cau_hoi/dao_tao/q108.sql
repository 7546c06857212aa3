-- mã: Q-108
-- nhóm: Đào tạo
-- mức: gần
-- câu hỏi: Khóa an toàn thông tin: đăng ký, kích hoạt, hoàn thành, chứng chỉ?
-- nghĩa: Phễu của khóa an toàn thông tin: đăng ký, kích hoạt, hoàn thành, chứng chỉ và tỷ lệ trên đăng ký.
-- giới hạn: Khóa được nhận ra bằng tên chứa “an toàn thông tin”.
-- cách trả lời: tính từ dữ liệu
-- cột: noi_dung, gia_tri, so_in, chenh_lech
-- có câu trả lời: mau_nho, bao_cao_goc
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
        WHERE lower(khoa_hoc) LIKE '%an toàn thông tin%'
        HAVING count(*) > 0
    ),
    so_sanh AS (
        SELECT
            1 AS stt,
            'Đăng ký' AS noi_dung,
            CAST(dang_ky AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-073') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            2 AS stt,
            'Kích hoạt' AS noi_dung,
            CAST(kich_hoat AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-074') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            3 AS stt,
            'Kích hoạt (%)' AS noi_dung,
            CAST(round(100 * kich_hoat / nullif(dang_ky, 0), 1) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-075') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            4 AS stt,
            'Hoàn thành' AS noi_dung,
            CAST(hoan_thanh AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-076') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            5 AS stt,
            'Hoàn thành (%)' AS noi_dung,
            CAST(round(100 * hoan_thanh / nullif(dang_ky, 0), 1) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-077') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            6 AS stt,
            'Chứng chỉ' AS noi_dung,
            CAST(chung_chi AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-078') AS so_in
        FROM khoa
        UNION ALL
        SELECT
            7 AS stt,
            'Chứng chỉ (%)' AS noi_dung,
            CAST(round(100 * chung_chi / nullif(dang_ky, 0), 1) AS DOUBLE) AS gia_tri,
            doi_soat.so_in('S0-079') AS so_in
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
SELECT 'Chưa có số: tệp của nguồn dao_tao/ket_qua sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
