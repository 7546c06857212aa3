-- mã: Q-117
-- nhóm: Chất lượng
-- mức: cốt lõi
-- câu hỏi: Những số nào in hai lần mà khác nhau?
-- nghĩa: Các quan hệ giữa số in mà không khớp: in hai lần, cộng không đủ, tỷ lệ sai, khác số của kho.
-- giới hạn: Quan hệ được dựng theo quy tắc “Số in trong báo cáo”; số không in đủ thì không kết luận.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_bao_cao, ma_so_lieu, loai, mo_ta, gia_tri_in, gia_tri_tinh, chenh_lech, mau_so_tu, mau_so_den
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_bao_cao,
        ma_so_lieu,
        loai,
        mo_ta,
        gia_tri_in,
        gia_tri_tinh,
        chenh_lech,
        mau_so_tu,
        mau_so_den
    FROM doi_soat.bao_cao
    WHERE ket_luan = 'lech'
    ORDER BY loai, ma_bao_cao, ma_so_lieu
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('bao_cao/so_lieu') THEN 'Không có số in nào trái nhau.'
        ELSE 'Chưa có số: tệp của nguồn bao_cao/so_lieu sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
