-- mã: Q-122
-- nhóm: Chất lượng
-- mức: gần
-- câu hỏi: Cùng một số quyết định mang hai ngày khác nhau là những văn bản nào?
-- nghĩa: Văn bản (quyết định, kế hoạch, công văn, nghị quyết) cùng loại, cùng số, cùng cơ quan ban hành mà mang hai ngày khác nhau.
-- giới hạn: 469/QĐ-UBND được in hai ngày, 31/3/2023 ở thân và 31/3/2024 ở chú thích (B11).
-- cách trả lời: tính từ dữ liệu
-- cột: so_van_ban, co_quan, cac_ngay, so_lan
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        so_van_ban,
        co_quan,
        string_agg(DISTINCT strftime(ngay, '%d/%m/%Y'), '; ') AS cac_ngay,
        count(*) AS so_lan
    FROM tthc.van_ban
    WHERE trung_so
    GROUP BY so_van_ban, loai, co_quan
    ORDER BY so_van_ban
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/van_ban') THEN 'Không có văn bản nào mang hai ngày.'
        ELSE 'Chưa có số: tệp của nguồn dvc/van_ban sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
