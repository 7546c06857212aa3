"""One small messy file of every newer feed, and the few dossiers around them, by path below ``raw/``."""

from __future__ import annotations

AGENCIES = """ma_don_vi;ten_don_vi;cap;hieu_luc_tu;hieu_luc_den;Cơ quan ngành dọc
H02.03;Sở Tư pháp;tinh;2015-01-01;2025-06-30;
H02.03;Sở Tư pháp và Nội vụ;tinh;2025-07-01;;Không
H02.21;UBND xã Tân An;xa;2015-01-01;;
H02.90;Công an tỉnh;tinh;2015-01-01;;Có
"""
PROCEDURES = """ma_tthc;ma_tthc_qg;ten_tthc;linh_vuc;cap;thoi_han;don_vi_thoi_han;thiet_yeu;so_quyet_dinh;\
ngay_bo_cong_bo;\
ngay_tinh_cong_bo;hieu_luc_tu;hieu_luc_den;5 bước;Không hồ sơ giấy;TTHC nội bộ;Nhóm liên thông;Chỉ tiếp nhận trực tuyến
BG.1;1.000022;Chứng thực bản sao từ bản chính;Chứng thực;xa;5;ngay_lam_viec;Có;100/QĐ-UBND;05/03/2025;15/03/2025;\
01/01/2020;;x;;;;Không
BG.2;1.000033;Đăng ký khai sinh;Hộ tịch;tinh;5;ngay_lam_viec;Có;;;;01/01/2020;30/06/2025;;x;;LTKS;
BG.2;1.000033;Đăng ký khai sinh, cấp thẻ;Hộ tịch;tinh;5;ngay_lam_viec;Có;;;;01/07/2025;;;x;;LTKS;
"""
DOSSIERS = """Số hồ sơ;Mã TTHC;Mã đơn vị;Kênh tiếp nhận;Ngày tiếp nhận;Ngày hẹn trả;Ngày có kết quả;Trạng thái;LePhi;\
Lý do trả lại;Cán bộ hỗ trợ nộp;TaiKhoanNop;HinhThucTra;Số bản chứng thực
H02.21-250303-0001;BG.1;H02.21;Trực tuyến;03/03/2025 09:00;10/03/2025;07/03/2025 09:00;Đã trả kết quả;10.000;;\
Có;Tài khoản VNeID;BCCI;3
H02.21-250304-0002;BG.1;H02.21;Trực tiếp;04/03/2025 08:00;11/03/2025;12/03/2025 09:00;Đã trả kết quả;\
15.000;;;;Tại quầy;5
H02.03-250401-0003;BG.2;H02.03;Trực tuyến;01/04/2025 08:00;08/04/2025;;Đang xử lý;;;Không;khác lạ;;hai
H02.03-250305-0004;BG.2;H02.03;Trực tiếp;05/03/2025 08:00;12/03/2025;06/03/2025 08:00;Công dân rút;;Thiếu giấy tờ;;;;
"""
STEPS = """Số hồ sơ;Thời gian;Trạng thái;Bước xử lý;Mã cơ quan
H02.21-250303-0001;03/03/2025 09:00;Được tiếp nhận;Tiếp nhận;H02.21
H02.21-250303-0001;04/03/2025 10:00;Đang xử lý;Thẩm định hồ sơ;H02.21
H02.21-250303-0001;07/03/2025 09:00;Đã xử lý xong;Trình lãnh đạo ký;H02.21
"""
PAYMENTS = """ma_giao_dich;ma_ho_so;thoi_diem;so_tien;kenh;ket_qua;ma_loi
GD1;H02.21-250303-0001;03/03/2025 10:00;10.000;dvcqg;thanh_cong;
GD2;H02.21-250304-0002;04/03/2025 10:00;20.000;quay;thanh_cong;
GD3;H02.21-250304-0002;04/03/2025 09:00;20.000;dvcqg;that_bai;E24
GD4;H02.03-250301-9999;04/04/2025 09:00;5.000;tinh;that_bai;E1
"""
PETITIONS = """ma_pakn;ngay_tiep_nhan;loai;linh_vuc;ma_don_vi;han_xu_ly;ngay_xu_ly;hai_long
PA1;03/03/2025;hanh_vi;Hộ tịch;H02.90;20/03/2025;10/03/2025;hai_long
PA2;04/03/2025;hanh_vi;Đường Nguyễn Văn An;H02.90;20/03/2025;25/03/2025;khong_hai_long
PA3;05/03/2025;quy_dinh;;H02.21;20/03/2025;;
PA4;28/02/2025;quy_dinh;Hộ tịch;H02.21;20/03/2025;01/04/2025;hai_long
"""
FEES = """Mã thủ tục;Kênh tiếp nhận;Mức thu (đồng);Miễn phí;Số, ký hiệu;Ngày ban hành;Từ ngày;Đến ngày
BG.1;;10.000;;12/NQ-HĐND;09/12/2022;01/01/2023;
BG.1;Trực tuyến;0;x;05/NQ-HĐND;20/02/2025;01/03/2025;31/12/2025
BG.1;Qua mạng xã hội;5.000;;05/NQ-HĐND;;01/02/2025;
;Trực tiếp;5.000;;05/NQ-HĐND;;01/02/2025;
BG.2;;năm nghìn;;05/NQ-HĐND;;01/02/2025;
"""
POST = """Mã vận đơn;Số hồ sơ;Loại dịch vụ;Ngày chấp nhận;Ngày phát thành công;Tình trạng
EA001234567VN;H02.21-250303-0001;Trả kết quả;07/03/2025 10:00;10/03/2025 09:00;Phát thành công
EA001234568VN;H02.21-250304-0002;Trả KQ;12/03/2025;13/03/2025;Đã phát
EA001234569VN;H02.21-250304-0002;Trả kết quả;12/03/2025;;Chuyển hoàn
EA001234570VN;H02.21-250304-0002;Hàng hóa;12/03/2025;;Đã phát
;H02.21-250304-0002;Trả kết quả;12/03/2025;;Đã phát
"""
DOCUMENTS = """Số, ký hiệu;Ngày ban hành;Loại văn bản;Cơ quan ban hành;Trích yếu nội dung;Số thủ tục;Lĩnh vực
100/QĐ-UBND;15/03/2025;QĐ;UBND tỉnh;Công bố thủ tục của bà Trần Thị Lan;1;Chứng thực
200/QĐ-UBND;20/03/2025;Quyết định;UBND tỉnh;;2;Hộ tịch
200/QĐ-UBND;21/03/2025;Quyết định;UBND tỉnh;;2;Hộ tịch
7/KH-UBND;01/03/2025;Kế hoạch;UBND tỉnh;;;
8/QĐ-UBND;31/02/2025;QĐ;UBND tỉnh;;1;
9/TTr-UBND;01/03/2025;Tờ trình;UBND tỉnh;;1;
"""
BRANCHES = """Kỳ báo cáo;Mã cơ quan;Mã thủ tục;Lĩnh vực;Mã phần mềm;Tổng số tiếp nhận;Tiếp nhận trực tuyến
Tháng 3/2025;H02.90;;CHỨNG THỰC;C06;4;1
03/2025;H02.90;1.000022;Chứng thực;C06;2;2
Quý I/2025;H02.90;;Chứng thực;C06;99;
;H02.90;;Chứng thực;C06;5;
03/2025;H02.90;;Cư trú;C06;nhiều;
"""
SYSTEMS = """Mã hệ thống;Tên phần mềm;Cơ quan chủ quản;Loại hệ thống;Dùng chung;Kết nối qua;Tình trạng;Từ ngày;Đến ngày
HT1;Phần mềm chứng thực;Bộ Tư pháp;Phần mềm;x;NGSP;Chưa kết nối;01/01/2024;28/02/2025
HT1;Phần mềm chứng thực;Bộ Tư pháp;Phần mềm;x;NGSP;Đã kết nối;01/03/2025;
HT2;Phần mềm của ông Nguyễn Văn An;Sở A;Kho;;LGSP;Đang hoạt động;01/01/2024;
HT3;Cổng;Sở A;Cổng;;;Đang xin;01/01/2024;
HT4;;Sở A;Cổng;;;Đã kết nối;01/01/2024;
"""
OUTAGES = """Mã hệ thống;Bắt đầu lúc;Khắc phục lúc;Mức độ;Lĩnh vực ảnh hưởng
HT1;03/03/2025 10:00;03/03/2025 14:00;Ngừng hoạt động;Chứng thực; Hộ tịch
HT1;03/03/2025 11:00;03/03/2025 13:00;Chậm;
HT1;29/09/2025 16:00;;Lỗi;
HT1;hôm qua;;Lỗi;
;03/03/2025 10:00;;Lỗi;
HT2;03/03/2025 10:00;;Mờ;
""".replace("Chứng thực; Hộ tịch", '"Chứng thực; Hộ tịch"')
TASKS = """Mã NV;Thuộc kế hoạch;Nội dung nhiệm vụ;Đơn vị chủ trì;Nhiệm vụ thường xuyên;Hạn hoàn thành;Tình trạng;\
Hoàn thành ngày;Cập nhật lúc
NV1;KH 06;Giao bà Trần Thị Lan số hóa sổ;H02.03;;30/09/2025;Đang thực hiện;;01/09/2025
NV2;KH 06;Rà soát thủ tục;H02.03;;01/09/2025;Hoàn thành;05/09/2025;06/09/2025
NV2;KH 06;Rà soát thủ tục;H02.03;;01/09/2025;Chưa thực hiện;;01/08/2025
NV3;KH 06;Họp giao ban;H02.21;Có;;Đang thực hiện;;01/09/2025
NV4;KH 06;Việc;H02.21;;;Đã quên;;01/09/2025
NV5;;Việc;H02.21;;;Hoàn thành;;01/09/2025
"""
TARGETS = """Mã chỉ tiêu;Phạm vi áp dụng;Từ ngày;Đến ngày;Chỉ tiêu giao;Chiều mục tiêu;Số ký hiệu
ty_le_truc_tuyen;Toàn tỉnh;01/03/2025;31/03/2025;80%;Tối thiểu;15/KH
tiep_nhan;Cấp xã;01/03/2025;31/03/2025;2;Ít nhất;15/KH
qua_han;H02.21;01/03/2025;30/04/2025;0;Tối đa;15/KH
chi_tieu_chua_co;toan_tinh;01/03/2025;31/03/2025;5;Ít nhất;15/KH
tiep_nhan;H02.77;01/03/2025;31/03/2025;5;Ít nhất;15/KH
tiep_nhan;tinh;01/03/2025;31/03/2025;5;Bằng;15/KH
tiep_nhan;;01/03/2025;31/03/2025;5;Ít nhất;15/KH
"""
COURSES = """Tên khóa học;Mã cơ quan;Ngày báo cáo;Số lớp theo kế hoạch;Số học viên theo kế hoạch;Số đăng ký;\
Đã kích hoạt;Số học viên hoàn thành;Chứng nhận;Giảm trừ
Kỹ năng số;H02.21;31/07/2025;2;40;10;8;4;1;0
Kỹ năng số;H02.21;31/08/2025;2;40;20;16;15;6;2
Kỹ năng số;H02.21;31/12/2025;2;40;40;40;40;40;0
Kỹ năng số;H02.03;31/08/2025;1;;;;;;
;H02.03;31/08/2025;1;;;;;;
Kỹ năng số;H02.90;;1;;;;;;
"""
FACILITIES = """Mã CSKCB;Tên cơ sở y tế;Tháng;Loại giấy;Số giấy đã cấp;Đã gửi
24001;Bệnh viện tỉnh;01/2025;Giấy chứng sinh;1.000;800
24001;Bệnh viện tỉnh;03/2025;Giấy chứng sinh;5;0
24002;Phòng khám bác sĩ Nguyễn Văn An;02/2025;Giấy chứng sinh;4;4
24002;Phòng khám;02/2025;Giấy khám;4;4
24002;Phòng khám;04/2025;Giấy chứng sinh;ít;4
;Phòng khám;04/2025;Giấy chứng sinh;4;4
"""
FIGURES = """ma_bao_cao;ma_so_lieu;chi_tieu;gia_tri;Ngày in;tu_so;mau_so
R;1;tiep_nhan;1.234;;;
R;2;ty_le_truc_tuyen;75,5%;;151;200
R;3;han_hoan_thanh;;30/06/2024;;
R;4;han_hoan_thanh;;11/2024;;
R;5;han_hoan_thanh;;;;
"""
OLD_FIGURES = "ma_bao_cao,ma_so_lieu,chi_tieu,gia_tri\nOLD,1,tiep_nhan,5\n"
DATED_FIGURES = "ma_bao_cao,ma_so_lieu,chi_tieu,gia_tri_ngay\nDATED,1,han_hoan_thanh,2024-12-31\n"
NO_FIGURES = "ma_bao_cao,ma_so_lieu,chi_tieu\nNONE,1,tiep_nhan\n"

FILES = {
    "dvc/co_quan/a.csv": AGENCIES,
    "dvc/tthc/a.csv": PROCEDURES,
    "dvc/ho_so/a.csv": DOSSIERS,
    "dvc/qua_trinh/a.csv": STEPS,
    "dvc/thanh_toan/a.csv": PAYMENTS,
    "dvc/pakn/a.csv": PETITIONS,
    "dvc/phi/a.csv": FEES,
    "dvc/buu_gui/a.csv": POST,
    "dvc/van_ban/a.csv": DOCUMENTS,
    "nganh_doc/tong_hop/a.csv": BRANCHES,
    "he_thong/ket_noi/a.csv": SYSTEMS,
    "he_thong/gian_doan/a.csv": OUTAGES,
    "chi_dao/nhiem_vu/a.csv": TASKS,
    "chi_dao/muc_tieu/a.csv": TARGETS,
    "dao_tao/ket_qua/a.csv": COURSES,
    "ho_tich/co_so_y_te/a.csv": FACILITIES,
    "bao_cao/so_lieu/a.csv": FIGURES,
    "bao_cao/so_lieu/old.csv": OLD_FIGURES,
    "bao_cao/so_lieu/dated.csv": DATED_FIGURES,
    "bao_cao/so_lieu/none.csv": NO_FIGURES,
}
