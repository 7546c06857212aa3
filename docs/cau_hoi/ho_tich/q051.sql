-- mã: Q-051
-- nhóm: Hộ tịch
-- mức: cốt lõi
-- câu hỏi: Số hóa đang ở giai đoạn mấy trong 5 giai đoạn, theo đơn vị?
-- nghĩa: Với mỗi đơn vị: mấy trong 5 giai đoạn (nhóm năm mở sổ) đã phê duyệt xong mọi trường hợp, và giai đoạn thấp nhất còn dở.
-- giới hạn: Giai đoạn là nhóm năm mở sổ (1 là 2016–2019, 5 là đến 1975); báo cáo chỉ in con số 5.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_don_vi, ten_don_vi, so_giai_doan_xong, giai_doan_dang_lam, phan_tram, so_in
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH theo AS (
        SELECT
            ma_don_vi,
            giai_doan,
            coalesce(sum(da_phe_duyet), 0) >= sum(so_truong_hop) AS xong,
            sum(da_phe_duyet) AS da_phe_duyet,
            sum(so_truong_hop) AS so_truong_hop
        FROM ho_tich.so_hoa_giai_doan
        GROUP BY ma_don_vi, giai_doan
    )

    SELECT
        t.ma_don_vi,
        (SELECT max(d.ten_don_vi) FROM ho_tich.don_vi AS d WHERE d.ma_don_vi = t.ma_don_vi) AS ten_don_vi,
        count(*) FILTER (WHERE t.xong) AS so_giai_doan_xong,
        min(t.giai_doan) FILTER (WHERE NOT t.xong) AS giai_doan_dang_lam,
        round(100 * sum(t.da_phe_duyet) / nullif(sum(t.so_truong_hop), 0), 2) AS phan_tram,
        doi_soat.so_in('S4-081') AS so_in
    FROM theo AS t
    GROUP BY t.ma_don_vi
    ORDER BY t.ma_don_vi
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn ho_tich/so_hoa sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
