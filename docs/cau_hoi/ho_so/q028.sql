-- mã: Q-028
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Ba huyện có hồ sơ chứng thực điện tử nhiều nhất và số hồ sơ?
-- nghĩa: Hồ sơ chứng thực trong kỳ của huyện và các xã thuộc huyện, cao trước; tong_ho_so là mọi hồ sơ của các đơn vị ấy.
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
    )

    SELECT
        (SELECT max(v.ten_don_vi) FROM tthc.don_vi AS v WHERE v.ma_don_vi = n.ma_dia_ban) AS dia_ban,
        CAST(sum(c.so_ho_so) AS BIGINT) AS so_ho_so_chung_thuc,
        CAST(sum(c.tong_ho_so) AS BIGINT) AS tong_ho_so,
        max((
            SELECT max(i.gia_tri)
            FROM doi_soat.so_lieu_bao_cao AS i
            INNER JOIN tthc.don_vi AS v ON v.ten_don_vi LIKE concat('%', trim(split_part(i.pham_vi, '/', 3)))
            WHERE i.chi_tieu = 'e_certified_copy_dossiers' AND v.ma_don_vi = n.ma_dia_ban
        )) AS so_in
    FROM tthc.chung_thuc AS c
    INNER JOIN don_vi AS n ON c.ma_don_vi = n.ma_don_vi
    WHERE c.ky BETWEEN strftime(DATE '2023-12-15', '%Y-%m') AND strftime(DATE '2024-06-30', '%Y-%m')
    GROUP BY n.ma_dia_ban
    ORDER BY so_ho_so_chung_thuc DESC
    LIMIT 10
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN EXISTS (SELECT 1 FROM van_hanh.nguon WHERE nguon_du_lieu IN ('dvc/ho_so') AND tep_cuoi IS NOT NULL) THEN 'Không có hồ sơ chứng thực nào trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
