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
        max(so_van_ban) AS so_van_ban,
        max(co_quan) AS co_quan,
        array_to_string(list_transform(list_sort(list_distinct(list(ngay))), lambda d: strftime(d, '%d/%m/%Y')), '; ') AS cac_ngay,
        count(*) AS so_lan
    FROM tthc.van_ban
    WHERE trung_so
    GROUP BY lower(so_van_ban), loai, coalesce(ma_don_vi, lower(co_quan))
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
