-- mã: Q-018
-- nhóm: Hồ sơ DVC
-- mức: cốt lõi
-- câu hỏi: Hồ sơ nào DVCQG ghi chậm mà thực tế trả trước hoặc đúng hạn?
-- nghĩa: Hồ sơ Cổng quốc gia kết luận quá hạn mà theo hồ sơ của tỉnh là trước hoặc đúng hạn, kèm nguyên nhân nhận ra được (quy tắc “Hai cổng”).
-- giới hạn: Cần tệp dvcqg/ho_so; hồ sơ Cổng chưa có thì không xét.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_ho_so, ma_don_vi, ket_qua_tinh, ket_qua_qg, nguyen_nhan, so_ngay_lech, tong_so
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_ho_so,
        ma_don_vi,
        ket_qua_tinh,
        ket_qua_qg,
        nguyen_nhan,
        so_ngay_lech,
        count(*) OVER () AS tong_so
    FROM doi_soat.hai_cong
    WHERE ket_qua_qg = 'qua_han' AND ket_qua_tinh IN ('truoc_han', 'dung_han')
    ORDER BY ma_ho_so
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvcqg/ho_so') THEN 'Không có hồ sơ nào như vậy.'
        ELSE 'Chưa có số: tệp của nguồn dvcqg/ho_so sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
