-- mã: Q-024
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Hồ sơ trình ký nào kẹt quá 24 giờ?
-- nghĩa: Hồ sơ nằm ở bước trình ký hơn 24 giờ làm việc: đang kẹt (tính đến hết ngày số liệu) trước, rồi hồ sơ đã qua bước sau (100 hồ sơ đầu; tong_so là tất cả, so_dang_ket là số đang kẹt).
-- giới hạn: 24 giờ là ngưỡng do kho chọn, sửa ngay trong câu hỏi. Cần tên bước trong dvc/qua_trinh.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_ho_so, ma_don_vi, thoi_diem, so_gio, dang_ket, tong_so, so_dang_ket
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    WITH dang_cho AS (
        SELECT
            b.ma_ho_so,
            b.thoi_diem,
            CASE
                WHEN n.la_ngay_lam_viec
                    THEN
                        greatest(11.5 - greatest(hour(b.thoi_diem) + minute(b.thoi_diem) / 60, 8), 0)
                        + greatest(17 - greatest(hour(b.thoi_diem) + minute(b.thoi_diem) / 60, 13.5), 0)
                ELSE 0
            END
            + 7 * (c.so_thu_tu - n.so_thu_tu) AS so_gio
        FROM tthc.buoc_ho_so AS b
        INNER JOIN tthc.ho_so AS h ON b.ma_ho_so = h.ma_ho_so
        INNER JOIN tthc.lich AS n ON CAST(b.thoi_diem AS DATE) = n.ngay
        INNER JOIN tthc.lich AS c ON b.ngay_so_lieu = c.ngay
        WHERE b.loai_buoc = 'trinh_ky' AND b.la_buoc_cuoi AND h.dang_xu_ly IS NOT NULL
    )

    SELECT
        b.ma_ho_so,
        b.ma_don_vi,
        b.thoi_diem,
        round(coalesce(b.so_gio_den_buoc_sau, d.so_gio), 1) AS so_gio,
        d.ma_ho_so IS NOT NULL AS dang_ket,
        count(*) OVER () AS tong_so,
        CAST(sum(CASE WHEN d.ma_ho_so IS NOT NULL THEN 1 ELSE 0 END) OVER () AS BIGINT) AS so_dang_ket
    FROM tthc.buoc_ho_so AS b
    LEFT JOIN dang_cho AS d ON b.ma_ho_so = d.ma_ho_so AND b.thoi_diem = d.thoi_diem AND b.la_buoc_cuoi
    WHERE b.loai_buoc = 'trinh_ky' AND coalesce(b.so_gio_den_buoc_sau, d.so_gio) > 24
    ORDER BY dang_ket DESC, so_gio DESC, b.ma_ho_so
    LIMIT 100
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN EXISTS (SELECT 1 FROM tthc.buoc_ho_so WHERE loai_buoc = 'trinh_ky') THEN 'Không có hồ sơ nào ở bước trình ký quá 24 giờ.'
        ELSE 'Chưa có số: cột Bước xử lý của tệp dvc/qua_trinh sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
