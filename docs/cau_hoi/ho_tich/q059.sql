-- mã: Q-059
-- nhóm: Hộ tịch
-- mức: cốt lõi
-- câu hỏi: Hệ thống hộ tịch gián đoạn bao nhiêu giờ trong tháng và ảnh hưởng bao nhiêu hồ sơ?
-- nghĩa: Số lần, số giờ gián đoạn theo tháng và hệ thống; số hồ sơ đang giải quyết và đến hạn lúc đó.
-- giới hạn: Hồ sơ bị ảnh hưởng chỉ đếm được khi tệp ghi lĩnh vực phụ thuộc.
-- cách trả lời: tính từ dữ liệu
-- cột: ky, ma_he_thong, so_lan, so_gio, so_gio_lam_viec, so_ho_so_dang_xu_ly, so_ho_so_den_han
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ky,
        ma_he_thong,
        so_lan,
        round(so_phut / 60, 1) AS so_gio,
        round(so_phut_gio_lam_viec / 60, 1) AS so_gio_lam_viec,
        so_ho_so_dang_xu_ly,
        so_ho_so_den_han
    FROM he_thong.gian_doan
    ORDER BY ky, ma_he_thong
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('he_thong/gian_doan') THEN 'Không có lần gián đoạn nào.'
        ELSE 'Chưa có số: tệp của nguồn he_thong/gian_doan sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
