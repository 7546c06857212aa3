-- mã: Q-094
-- nhóm: Liên thông
-- mức: gần
-- câu hỏi: Cơ sở khám chữa bệnh nào chưa gửi dữ liệu chứng sinh, chứng tử?
-- nghĩa: Cơ sở khám chữa bệnh đã im lặng một tháng trở lên tính đến tháng mới nhất của loại giấy ấy.
-- giới hạn: Cơ sở chưa bao giờ có trong tệp thì kho không biết.
-- cách trả lời: tính từ dữ liệu
-- cột: ma_co_so, ten_co_so, loai, ky, im_lang_thang
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        ma_co_so,
        ten_co_so,
        loai,
        ky,
        im_lang_thang
    FROM ho_tich.co_so_y_te
    QUALIFY ky = max(ky) OVER (PARTITION BY loai) AND im_lang_thang > 0
    ORDER BY im_lang_thang DESC, ma_co_so, loai
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('ho_tich/co_so_y_te') THEN 'Không có cơ sở nào im lặng.'
        ELSE 'Chưa có số: tệp của nguồn ho_tich/co_so_y_te sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
