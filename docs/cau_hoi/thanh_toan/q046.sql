-- mã: Q-046
-- nhóm: Thanh toán
-- mức: cốt lõi
-- câu hỏi: TTHC nào có nghĩa vụ tài chính mà chưa tích hợp thanh toán?
-- nghĩa: Thủ tục có phí đang hiệu lực mà chưa thanh toán được trên Cổng quốc gia; phan_tram là phần của chúng trong các thủ tục có phí.
-- giới hạn: Báo cáo in 51,62% mà không in danh sách và mẫu số.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_tthc, ten_tthc, linh_vuc, tong_so, phan_tram, so_in
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH co_phi AS (
        SELECT
            *,
            round(100 * avg(CASE WHEN coalesce(thanh_toan_truc_tuyen, false) THEN 0 ELSE 1 END) OVER (), 2) AS phan_tram
        FROM tthc.danh_muc
        WHERE
            ma_tthc IS NOT NULL
            AND NOT coalesce(noi_bo, false)
            AND hieu_luc_tu <= ngay_so_lieu
            AND coalesce(hieu_luc_den, ngay_so_lieu) >= ngay_so_lieu
            AND co_phi
    )

    SELECT
        ma_tthc,
        ten_tthc,
        linh_vuc,
        count(*) OVER () AS tong_so,
        phan_tram,
        doi_soat.so_in('S4-122') AS so_in
    FROM co_phi
    WHERE NOT coalesce(thanh_toan_truc_tuyen, false)
    ORDER BY ma_tthc
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/tthc') THEN 'Không có thủ tục nào như vậy.'
        ELSE 'Chưa có số: tệp của nguồn dvc/tthc sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
