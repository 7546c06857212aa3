-- mã: Q-120
-- nhóm: Chất lượng
-- mức: cốt lõi
-- câu hỏi: Hôm nay nguồn nào chưa gửi tệp, tệp nào bị chặn và vì quy tắc nào?
-- nghĩa: Nguồn quá nhịp gửi hoặc chưa bao giờ gửi, tệp bị từ chối, và quy tắc chặn không đạt ở lần chạy cuối.
-- giới hạn: Nhịp của từng nguồn đặt ở orchestration.yaml; “chặn” là mức độ của quy tắc.
-- cách trả lời: tính từ dữ liệu
-- cột: loai, ten, ly_do
-- có câu trả lời: mau_nho, bao_cao_goc
WITH tra_loi AS (
    SELECT
        'nguồn chưa gửi hoặc trễ' AS loai,
        nguon_du_lieu AS ten,
        coalesce('tệp cuối ' || tep_cuoi || ', trễ ' || so_ngay_tre || ' ngày', 'chưa có tệp nào') AS ly_do
    FROM van_hanh.nguon
    WHERE NOT coalesce(trong_han, false)
    UNION ALL
    SELECT
        'tệp bị từ chối' AS loai,
        ten_tep AS ten,
        ly_do
    FROM van_hanh.tep
    WHERE trang_thai = 'tu_choi'
    UNION ALL
    SELECT
        'quy tắc chặn không đạt' AS loai,
        q.ma_quy_tac AS ten,
        q.mo_ta AS ly_do
    FROM chat_luong.ket_qua AS k
    INNER JOIN chat_luong.quy_tac AS q ON k.ma_quy_tac = q.ma_quy_tac
    WHERE
        q.muc_do = 'chan'
        AND NOT k.dat
        AND k.so_lan = (SELECT max(m.so_lan) FROM chat_luong.ket_qua AS m)
)

SELECT *
FROM tra_loi
UNION ALL BY NAME
SELECT 'Không có nguồn nào trễ, tệp nào bị từ chối, quy tắc chặn nào không đạt.' AS noi_ro
WHERE NOT EXISTS (SELECT 1 FROM tra_loi)
