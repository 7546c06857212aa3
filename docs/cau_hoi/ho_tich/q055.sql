-- mã: Q-055
-- nhóm: Hộ tịch
-- mức: cốt lõi
-- câu hỏi: Thời gian trả số định danh trung vị và 95%; bao nhiêu Giấy khai sinh không có số định danh?
-- nghĩa: Trung vị và mức 95% của số ngày từ đăng ký khai sinh đến có số định danh; số khai sinh điện tử đang chờ số.
-- giới hạn: Khai sinh nhập từ sổ giấy không đợi số nên không kể; chưa có số hoặc trống ngày cấp thì không vào trung vị.
-- cách trả lời: tính từ dữ liệu
-- cột: trung_vi_ngay, p95_ngay, chua_co_so, so_khai_sinh
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        quantile_disc(so_ngay_cho_so_dinh_danh, 0.5) FILTER (WHERE co_so_dinh_danh) AS trung_vi_ngay,
        quantile_disc(so_ngay_cho_so_dinh_danh, 0.95) FILTER (WHERE co_so_dinh_danh) AS p95_ngay,
        count(*) FILTER (WHERE NOT co_so_dinh_danh AND so_ngay_cho_so_dinh_danh IS NOT NULL) AS chua_co_so,
        count(*) AS so_khai_sinh
    FROM ho_tich.dang_ky
    WHERE loai_so = 'khai_sinh' AND nguon = 'dien_tu'
    HAVING count(*) > 0
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn ho_tich/khai_sinh sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
