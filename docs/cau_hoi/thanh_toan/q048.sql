-- mã: Q-048
-- nhóm: Thanh toán
-- mức: cốt lõi
-- câu hỏi: TTHC nào được miễn phí theo Nghị quyết 18/2024 mà vẫn thu phí?
-- nghĩa: Thủ tục được miễn theo biểu phí đang hiệu lực mà vẫn có giao dịch thu, theo văn bản miễn.
-- giới hạn: Nghị quyết 18/2024 không có trong mẫu; mọi văn bản miễn trong dvc/phi đều được xét.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_tthc, ten_tthc, so_van_ban, so_ho_so, da_thu
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        s.ma_tthc,
        (SELECT max(d.ten_tthc) FROM tthc.danh_muc AS d WHERE d.ma_tthc = s.ma_tthc) AS ten_tthc,
        s.so_van_ban,
        count(*) AS so_ho_so,
        sum(s.phi_da_thu) AS da_thu
    FROM tthc.thu_sai_phi AS s
    WHERE s.loai = 'thu_khi_mien'
    GROUP BY s.ma_tthc, s.so_van_ban
    ORDER BY so_ho_so DESC, s.ma_tthc
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/phi') THEN 'Không có thủ tục nào được miễn mà vẫn thu.'
        ELSE 'Chưa có số: tệp của nguồn dvc/phi hoặc dvc/thanh_toan sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
