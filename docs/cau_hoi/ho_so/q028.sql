-- mã: Q-028
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Ba huyện có hồ sơ chứng thực điện tử nhiều nhất và số hồ sơ?
-- nghĩa: Hồ sơ chứng thực tiếp nhận trong kỳ (theo ngày) của huyện và các xã thuộc huyện vào ngày tiếp nhận, cao trước; xã không thuộc huyện nào đứng riêng; tong_ho_so là mọi hồ sơ tiếp nhận của các đơn vị ấy.
-- giới hạn: Ba số in cộng lại 208.472, vượt cả tổng hồ sơ huyện và xã của kỳ (181.880): số in không cùng kỳ hoặc không cùng cách đếm.
-- cách trả lời: tính từ dữ liệu
-- cột: dia_ban, so_ho_so_chung_thuc, tong_ho_so, so_in
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH theo_ngay AS (
        SELECT
            h.ma_don_vi,
            CAST(h.ngay_tiep_nhan AS DATE) AS ngay,
            count(*) FILTER (WHERE h.so_ban_sao > 0 OR lower(h.ten_tthc) LIKE '%chứng thực bản sao%') AS so_ho_so_chung_thuc,
            count(*) AS tong_ho_so
        FROM tthc.ho_so AS h
        WHERE
            h.duoc_tiep_nhan
            AND h.cap IN ('huyen', 'xa')
            AND CAST(h.ngay_tiep_nhan AS DATE) BETWEEN DATE '2023-12-15' AND DATE '2024-06-30'
        GROUP BY h.ma_don_vi, CAST(h.ngay_tiep_nhan AS DATE)
    ),
    xa_thuoc_huyen AS (
        SELECT
            ma_don_vi,
            ma_don_vi_cha,
            hieu_luc_tu,
            hieu_luc_den
        FROM tthc.don_vi
        WHERE cap = 'xa' AND ma_don_vi_cha IN (SELECT c.ma_don_vi FROM tthc.don_vi AS c WHERE c.cap = 'huyen')
    ),
    dem AS (
        SELECT
            coalesce(
                (
                    SELECT max(x.ma_don_vi_cha)
                    FROM xa_thuoc_huyen AS x
                    WHERE
                        x.ma_don_vi = n.ma_don_vi
                        AND x.hieu_luc_tu <= n.ngay
                        AND (x.hieu_luc_den IS NULL OR x.hieu_luc_den >= n.ngay)
                ),
                n.ma_don_vi
            ) AS ma_don_vi,
            n.so_ho_so_chung_thuc,
            n.tong_ho_so
        FROM theo_ngay AS n
    ),
    theo_dia_ban AS (
        SELECT
            e.ma_don_vi,
            (SELECT max_by(v.ten_don_vi, v.hieu_luc_tu) FROM tthc.don_vi AS v WHERE v.ma_don_vi = e.ma_don_vi) AS ten_don_vi,
            CAST(sum(e.so_ho_so_chung_thuc) AS BIGINT) AS so_ho_so_chung_thuc,
            CAST(sum(e.tong_ho_so) AS BIGINT) AS tong_ho_so
        FROM dem AS e
        GROUP BY e.ma_don_vi
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
