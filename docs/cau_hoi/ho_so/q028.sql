-- mã: Q-028
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Ba huyện có hồ sơ chứng thực điện tử nhiều nhất và số hồ sơ?
-- nghĩa: Hồ sơ chứng thực tiếp nhận trong kỳ (theo ngày) của huyện và các xã thuộc huyện, cao trước; tong_ho_so là mọi hồ sơ tiếp nhận của các đơn vị ấy.
-- giới hạn: Ba số in cộng lại 208.472, vượt cả tổng hồ sơ huyện và xã của kỳ (181.880): số in không cùng kỳ hoặc không cùng cách đếm.
-- cách trả lời: tính từ dữ liệu
-- cột: dia_ban, so_ho_so_chung_thuc, tong_ho_so, so_in
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH don_vi AS (
        SELECT
            ma_don_vi,
            max(CASE WHEN cap = 'xa' THEN coalesce(ma_don_vi_cha, ma_don_vi) ELSE ma_don_vi END) AS ma_dia_ban
        FROM tthc.don_vi
        GROUP BY ma_don_vi
    ),
    theo_dia_ban AS (
        SELECT
            n.ma_dia_ban AS ma_don_vi,
            (SELECT max(v.ten_don_vi) FROM tthc.don_vi AS v WHERE v.ma_don_vi = n.ma_dia_ban) AS ten_don_vi,
            count(*) FILTER (WHERE h.so_ban_sao > 0 OR lower(h.ten_tthc) LIKE '%chứng thực bản sao%') AS so_ho_so_chung_thuc,
            count(*) AS tong_ho_so
        FROM tthc.ho_so AS h
        INNER JOIN don_vi AS n ON h.ma_don_vi = n.ma_don_vi
        WHERE h.duoc_tiep_nhan AND CAST(h.ngay_tiep_nhan AS DATE) BETWEEN DATE '2023-12-15' AND DATE '2024-06-30'
        GROUP BY n.ma_dia_ban
    )

    SELECT
        d.ten_don_vi AS dia_ban,
        d.so_ho_so_chung_thuc,
        d.tong_ho_so,
        (
            SELECT max(i.gia_tri)
            FROM doi_soat.so_lieu_bao_cao AS i
            WHERE
                i.chi_tieu = 'e_certified_copy_dossiers'
                AND (i.tu_ngay IS NULL OR (i.tu_ngay = DATE '2023-12-15' AND i.den_ngay = DATE '2024-06-30'))
                AND (i.ma_don_vi = d.ma_don_vi OR suffix(d.ten_don_vi, nullif(trim(split_part(i.pham_vi, '/', 3)), '')))
        ) AS so_in
    FROM theo_dia_ban AS d
    WHERE d.so_ho_so_chung_thuc > 0
    ORDER BY d.so_ho_so_chung_thuc DESC, d.ma_don_vi
    LIMIT 10
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/ho_so') THEN 'Không có hồ sơ chứng thực nào trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
