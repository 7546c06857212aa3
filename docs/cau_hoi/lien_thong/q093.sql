-- mã: Q-093
-- nhóm: Liên thông
-- mức: gần
-- câu hỏi: Hồ sơ liên thông kẹt ở bước nào, bao lâu?
-- nghĩa: Hồ sơ liên thông chưa xong đang ở bước nào, bao nhiêu hồ sơ, trung vị và lâu nhất bao nhiêu ngày.
-- giới hạn: Bước là bước đầu tiên chưa có ngày xong.
-- cách trả lời: tính từ dữ liệu
-- cột: nhom, buoc, so_ho_so, bi_ket, trung_vi_ngay, lau_nhat_ngay
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        nhom,
        buoc,
        count(*) AS so_ho_so,
        count(*) FILTER (WHERE bi_ket) AS bi_ket,
        median(so_ngay_o_buoc) AS trung_vi_ngay,
        max(so_ngay_o_buoc) AS lau_nhat_ngay
    FROM ho_tich.lien_thong_ho_so
    WHERE buoc <> 'xong'
    GROUP BY nhom, buoc
    ORDER BY so_ho_so DESC, nhom, buoc
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT CASE
        WHEN van_hanh.da_co('ho_tich/lien_thong') THEN 'Không có hồ sơ liên thông nào còn dở.'
        ELSE 'Chưa có số: tệp của nguồn ho_tich/lien_thong sẽ trả lời câu này.'
    END AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
