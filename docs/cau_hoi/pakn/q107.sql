-- mã: Q-107
-- nhóm: PAKN
-- mức: gần
-- câu hỏi: Nếu tính cả ngành dọc thì PAKN là bao nhiêu?
-- nghĩa: Phản ánh trong kỳ theo đơn vị trả lời có phải ngành dọc hay không; dòng không ghi là danh mục cơ quan chưa đánh dấu.
-- giới hạn: Phản ánh đếm ở hệ thống riêng của ngành dọc (nganh_doc/tong_hop) không có từng phản ánh nên không cộng vào đây.
-- cách trả lời: tính từ dữ liệu
-- cột: don_vi_tra_loi, so_pakn, tong_so
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        CASE nganh_doc WHEN true THEN 'ngành dọc' WHEN false THEN 'không phải ngành dọc' ELSE 'không ghi' END AS don_vi_tra_loi,
        count(*) AS so_pakn,
        CAST(sum(count(*)) OVER () AS BIGINT) AS tong_so
    FROM tthc.pakn_chi_tiet
    WHERE CAST(ngay_tiep_nhan AS DATE) BETWEEN DATE '2023-12-15' AND DATE '2024-06-30'
    GROUP BY nganh_doc
    ORDER BY so_pakn DESC
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('dvc/pakn') THEN 'Không có phản ánh nào trong kỳ.'
        ELSE 'Chưa có số: tệp của nguồn dvc/pakn hoặc dvc/co_quan (cột Ngành dọc) sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
