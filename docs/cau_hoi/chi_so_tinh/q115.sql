-- mã: Q-115
-- nhóm: Chỉ số tỉnh
-- mức: gần
-- câu hỏi: PAR, PAPI, SIPAS, PCI: điểm, hạng, thay đổi so với 2022?
-- nghĩa: Điểm, hạng và thay đổi của PAR Index, PAPI, SIPAS, PCI như in.
-- giới hạn: thay_doi so với kỳ trước đã in trong bất kỳ báo cáo nào, trống khi chưa có; năm của chỉ số không được in; điểm năm 2022 suy ra từ mức tăng (PAR: 88,54).
-- cách trả lời: số in
-- cột: noi_dung, pham_vi, so_in, thay_doi, don_vi_tinh, tu_ngay, den_ngay, ma_bao_cao, ma_so_lieu
-- có câu trả lời: bao_cao_goc
WITH tra_loi AS (
    SELECT
        ten_chi_tieu AS noi_dung,
        pham_vi,
        coalesce(gia_tri_goc, gia_tri_ngay_goc) AS so_in,
        thay_doi,
        don_vi_tinh,
        tu_ngay,
        den_ngay,
        ma_bao_cao,
        ma_so_lieu
    FROM doi_soat.so_lieu_bao_cao
    WHERE ma_so_lieu IN ('S4-141', 'S4-142', 'S4-143', 'S4-144', 'S4-146', 'S4-147', 'S4-148', 'S4-149', 'S4-150', 'S4-151', 'S4-152')
    ORDER BY ma_so_lieu
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số in: tệp bao_cao/so_lieu chưa có báo cáo này; số gốc cần tệp kết quả của cơ quan công bố chỉ số (chưa có nguồn nhận).' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
