-- mã: Q-072
-- nhóm: Bộ chỉ số 766
-- mức: cốt lõi
-- câu hỏi: Điểm 766 của từng sở, huyện, xã và thứ hạng trong tỉnh?
-- nghĩa: Tổng điểm kho tính cho từng đơn vị trong tháng trọn gần nhất và thứ hạng trong tỉnh; điểm Cổng công bố nếu có.
-- giới hạn: Đơn vị không có hồ sơ ở nhóm nào thì điểm tối đa của nhóm ấy không tính; nên so cả cột diem_toi_da.
-- cách trả lời: tính từ dữ liệu
-- cột: ky, hang, ma_don_vi, ten_don_vi, diem, diem_toi_da, diem_cong_qg
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        t.ky,
        rank() OVER (ORDER BY t.diem / nullif(t.diem_toi_da, 0) DESC) AS hang,
        t.ma_don_vi,
        t.ten_don_vi,
        t.diem_hien_thi AS diem,
        t.diem_toi_da,
        t.diem_cong_qg
    FROM chi_so_766.tong_hop AS t
    WHERE
        NOT t.la_toan_tinh
        AND t.nhom = 'tong'
        AND t.diem IS NOT NULL
        AND t.ky = (
            SELECT max(x.ky)
            FROM chi_so_766.tong_hop AS x
            WHERE NOT x.la_toan_tinh AND x.tron_ky AND x.loai_ky = 'thang' AND x.nhom = 'tong' AND x.diem IS NOT NULL
        )
    ORDER BY hang, t.ma_don_vi
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Chưa có số: tệp của nguồn dvc/ho_so sẽ trả lời câu này.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
