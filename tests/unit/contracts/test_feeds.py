"""The feed contracts say what the specification of the feeds says."""

import duckdb
import pytest

from pipelines.contracts.describe import feed_rows, field_rows
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import Kind, Sensitivity
from pipelines.contracts.normal_form import normal_form

LISTS = load_code_lists()
CONTRACTS = load_contracts(code_lists=LISTS)
REGISTER = ("so", "quyen_so", "ngay_dang_ky", "noi_dang_ky")
REQUIRED = {
    "dvc/ho_so": ("ma_ho_so", "ma_don_vi", "ngay_tiep_nhan", "trang_thai"),
    "dvc/qua_trinh": ("ma_ho_so", "thoi_diem", "trang_thai"),
    "dvc/tthc": ("ma_tthc", "ten_tthc", "cap", "hieu_luc_tu"),
    "dvc/co_quan": ("ma_don_vi", "ten_don_vi", "cap", "hieu_luc_tu"),
    "dvc/pakn": ("ma_pakn", "ngay_tiep_nhan", "loai", "ma_don_vi"),
    "dvc/thanh_toan": ("ma_giao_dich", "ma_ho_so", "thoi_diem", "so_tien", "ket_qua"),
    "dvc/danh_gia": ("ma_ho_so", "thoi_diem"),
    "dvcqg/ho_so": ("ma_ho_so", "ngay_dong_bo"),
    "dvcqg/tthc": ("ma_tthc_qg", "ten_tthc"),
    "ho_tich/khai_sinh": (*REGISTER, "nks_ho_ten", "nks_ngay_sinh"),
    "ho_tich/khai_tu": (*REGISTER, "nkt_ho_ten", "nkt_ngay_chet"),
    "ho_tich/ket_hon": (*REGISTER, "chong_ho_ten", "vo_ho_ten"),
    "ho_tich/nhan_cha_me_con": (*REGISTER, "cha_me_ho_ten", "con_ho_ten"),
    "ho_tich/so_hoa": ("ma_don_vi", "loai_so", "quyen_so", "so_truong_hop", "ngay_cap_nhat"),
    "ho_tich/lien_thong": ("ma_ho_so", "nhom", "ma_don_vi", "ngay_nop"),
    "bo_chi_so_766/diem": ("ky", "ma_don_vi", "ma_chi_so", "diem", "thoi_diem_lay"),
    "bao_cao/so_lieu": ("ma_bao_cao", "ma_so_lieu", "chi_tieu", "gia_tri"),
    "dvc/phi": ("ma_tthc", "muc_thu", "so_van_ban", "hieu_luc_tu"),
    "dvc/buu_gui": ("ma_buu_gui", "ma_ho_so", "loai", "ngay_gui", "trang_thai"),
    "dvc/van_ban": ("so_van_ban", "ngay", "loai", "co_quan"),
    "nganh_doc/tong_hop": ("ky", "ma_don_vi", "linh_vuc", "ma_he_thong", "tiep_nhan"),
    "he_thong/ket_noi": ("ma_he_thong", "ten", "chu_quan", "trang_thai", "hieu_luc_tu"),
    "he_thong/gian_doan": ("ma_he_thong", "bat_dau", "muc_do"),
    "chi_dao/nhiem_vu": ("ma_nhiem_vu", "ke_hoach", "noi_dung", "ma_don_vi", "trang_thai"),
    "chi_dao/muc_tieu": ("ma_chi_tieu", "pham_vi", "tu_ngay", "den_ngay", "gia_tri", "chieu"),
    "dao_tao/ket_qua": ("khoa_hoc", "ma_don_vi", "ngay"),
    "ho_tich/co_so_y_te": ("ma_co_so", "ten_co_so", "ky", "loai", "so_phat_hanh", "so_gui"),
}
REGISTER_KEY = "noi_dang_ky, nam(ngay_dang_ky), so"
KEYS = {
    "dvc/ho_so": "ma_ho_so",
    "dvc/qua_trinh": "ma_ho_so, thoi_diem, trang_thai",
    "dvc/tthc": "ma_tthc, hieu_luc_tu",
    "dvc/co_quan": "ma_don_vi, hieu_luc_tu",
    "dvc/pakn": "ma_pakn",
    "dvc/thanh_toan": "ma_giao_dich",
    "dvc/danh_gia": "ma_ho_so, thoi_diem",
    "dvcqg/ho_so": "ma_ho_so",
    "dvcqg/tthc": "ma_tthc_qg",
    "ho_tich/khai_sinh": REGISTER_KEY,
    "ho_tich/khai_tu": REGISTER_KEY,
    "ho_tich/ket_hon": REGISTER_KEY,
    "ho_tich/nhan_cha_me_con": REGISTER_KEY,
    "ho_tich/so_hoa": "ma_don_vi, loai_so, quyen_so",
    "ho_tich/lien_thong": "ma_ho_so",
    "bo_chi_so_766/diem": "ky, ma_don_vi, ma_chi_so",
    "bao_cao/so_lieu": "ma_bao_cao, ma_so_lieu",
    "dvc/phi": "ma_tthc, kenh?, hieu_luc_tu",
    "dvc/buu_gui": "ma_buu_gui",
    "dvc/van_ban": "so_van_ban, ngay",
    "nganh_doc/tong_hop": "ky, ma_don_vi, ma_tthc|linh_vuc, ma_he_thong",
    "he_thong/ket_noi": "ma_he_thong, hieu_luc_tu",
    "he_thong/gian_doan": "ma_he_thong, bat_dau",
    "chi_dao/nhiem_vu": "ma_nhiem_vu",
    "chi_dao/muc_tieu": "ma_chi_tieu, pham_vi, tu_ngay",
    "dao_tao/ket_qua": "khoa_hoc, ma_don_vi, ngay",
    "ho_tich/co_so_y_te": "ma_co_so, ky, loai",
}
PERSONAL = {
    "dvc/ho_so": {"chu_ho_so", "so_dinh_danh", "dien_thoai"},
    "dvc/qua_trinh": {"can_bo", "noi_dung"},
    "dvc/pakn": {"noi_dung"},
    "dvc/danh_gia": {"y_kien"},
    "ho_tich/khai_sinh": {
        "nks_ho_ten", "nks_ngay_sinh", "nks_so_dinh_danh", "nks_dan_toc", "nks_quoc_tich", "nks_noi_sinh",
        "me_ho_ten", "me_ngay_sinh", "me_so_giay_to", "cha_ho_ten", "cha_ngay_sinh", "cha_so_giay_to", "nyc_ho_ten",
    },
    "ho_tich/khai_tu": {
        "nkt_ho_ten", "nkt_ngay_sinh", "nkt_so_dinh_danh", "nkt_ngay_chet", "nkt_noi_chet", "nkt_nguyen_nhan",
    },
    "ho_tich/ket_hon": {
        "chong_ho_ten", "chong_ngay_sinh", "chong_so_giay_to", "vo_ho_ten", "vo_ngay_sinh", "vo_so_giay_to",
    },
    "ho_tich/nhan_cha_me_con": {"cha_me_ho_ten", "con_ho_ten", "con_ngay_sinh"},
}  # fmt: skip
HEADERS = {
    "dvc/ho_so": {
        "Mã hồ sơ": "ma_ho_so", "Số hồ sơ": "ma_ho_so", "MaHoSo": "ma_ho_so", "Mã TTHC": "ma_tthc",
        "Mã thủ tục": "ma_tthc", "TenTTHC": "ten_tthc", "TenLinhVuc": "linh_vuc", "Mã cơ quan": "ma_don_vi",
        "DonViXuLy": "ten_don_vi", "Cơ quan giải quyết": "ten_don_vi", "KenhThucHien": "kenh",
        "Hình thức nộp": "kenh", "Kênh tiếp nhận": "kenh", "Người nộp": "chu_ho_so", "SoGiayTo": "so_dinh_danh",
        "Số CCCD/CMND": "so_dinh_danh", "Số định danh": "so_dinh_danh", "SoDienThoai": "dien_thoai",
        "Thời gian tiếp nhận": "ngay_tiep_nhan", "NgayHenTra": "ngay_hen_tra", "Hạn xử lý": "ngay_hen_tra",
        "Ngày có kết quả": "ngay_ket_thuc", "NgayKetThucXuLy": "ngay_ket_thuc", "Ngày trả": "ngay_tra",
        "Ngày trả kết quả": "ngay_tra", "Tình trạng": "trang_thai", "TrangThaiHoSo": "trang_thai",
        "Phí, lệ phí (đồng)": "phi_le_phi", "LePhi": "phi_le_phi",
        "DuocThanhToanTrucTuyen": "thanh_toan_truc_tuyen", "CoKetQuaDienTu": "ket_qua_dien_tu",
        "DaSoHoa": "so_hoa_ho_so", "TaiSuDung": "tai_su_dung", "LyDoTuChoi": "ly_do_tra_lai",
        "Nộp hộ": "nop_ho", "Cán bộ hỗ trợ nộp": "nop_ho", "NopHo": "nop_ho", "Loại tài khoản": "tai_khoan",
        "TaiKhoanNop": "tai_khoan", "Hình thức trả kết quả": "hinh_thuc_tra", "HinhThucTra": "hinh_thuc_tra",
        "Số bản sao": "so_ban_sao", "Số bản chứng thực": "so_ban_sao", "SoBanSao": "so_ban_sao",
        "DuocLayTuKhoDMQG": "dua_vao_kho_ca_nhan", "TaiKhoanDuocXacThucVoiVNeID": "dung_du_lieu_dan_cu",
    },
    "dvc/qua_trinh": {
        "ThoiDiemXuLy": "thoi_diem", "Thời điểm": "thoi_diem", "Bước xử lý": "buoc", "Tên bước": "buoc",
        "TenBuoc": "buoc",
    },
    "dvc/co_quan": {"Ngành dọc": "nganh_doc", "Cơ quan ngành dọc": "nganh_doc"},
    "dvc/tthc": {
        "Chỉ tiếp nhận trực tuyến": "chi_truc_tuyen", "Năm bước điện tử": "nam_buoc", "5 bước": "nam_buoc",
        "Không hồ sơ giấy": "khong_giay", "TTHC nội bộ": "noi_bo", "Nhóm liên thông": "lien_thong",
    },
    "ho_tich/lien_thong": {"Mã cơ sở khám chữa bệnh": "ma_co_so", "Cơ sở y tế": "ten_co_so"},
    "bao_cao/so_lieu": {"Giá trị ngày": "gia_tri_ngay", "Ngày in": "gia_tri_ngay"},
    "ho_tich/khai_sinh": {
        "nksHoTen": "nks_ho_ten", "NKSHOTEN": "nks_ho_ten", "NKSSODINHDANH": "nks_so_dinh_danh",
        "meSoGiayToTuyThan": "me_so_giay_to", "NGAYDANGKY": "ngay_dang_ky", "noiDangKyUBND": "noi_dang_ky",
    },
    "ho_tich/khai_tu": {"nktNguyenNhanChet": "nkt_nguyen_nhan", "nktSoGiayToTuyThan": "nkt_so_dinh_danh"},
    "ho_tich/ket_hon": {"ngayXacLapQuanHeHonNhan": "ngay_ket_hon", "chongSoGiayToTuyThan": "chong_so_giay_to"},
    "ho_tich/nhan_cha_me_con": {"cmHoTen": "cha_me_ho_ten", "ncHoTen": "con_ho_ten", "ncNgaySinh": "con_ngay_sinh"},
    "bo_chi_so_766/diem": {"departmentCode": "ma_don_vi", "numerator": "tu_so", "maxScore": "diem_toi_da"},
}  # fmt: skip


def test_every_feed_of_the_specification_has_a_contract():
    assert set(REQUIRED) <= set(CONTRACTS)


@pytest.mark.parametrize("feed", REQUIRED)
def test_required_fields_and_key_are_those_of_the_specification(feed):
    contract = CONTRACTS[feed]
    assert tuple(f.name for f in contract.required) == REQUIRED[feed]
    assert {row[0]: row[2] for row in feed_rows(CONTRACTS)}[feed] == KEYS[feed]
    assert contract.keyed_key == (KEYS[feed] == REGISTER_KEY)


@pytest.mark.parametrize("feed", REQUIRED)
def test_exactly_the_personal_fields_are_classed_as_personal(feed):
    private = {f.name for f in CONTRACTS[feed].fields if f.sensitivity in (Sensitivity.PERSONAL, Sensitivity.SENSITIVE)}
    assert private == PERSONAL.get(feed, set())


def test_ethnicity_and_cause_of_death_are_sensitive():
    assert CONTRACTS["ho_tich/khai_sinh"].by_name["nks_dan_toc"].sensitivity is Sensitivity.SENSITIVE
    assert CONTRACTS["ho_tich/khai_tu"].by_name["nkt_nguyen_nhan"].sensitivity is Sensitivity.SENSITIVE


@pytest.mark.parametrize("feed", HEADERS)
def test_headers_seen_in_exports_are_known(feed):
    known = {normal_form(header): f.name for f in CONTRACTS[feed].fields for header in f.all_headers}
    assert {header: known.get(normal_form(header)) for header in HEADERS[feed]} == HEADERS[feed]


@pytest.mark.parametrize("feed", REQUIRED)
def test_no_alias_repeats_another_spelling_of_its_field(feed):
    for field in CONTRACTS[feed].fields:
        forms = [normal_form(header) for header in field.headers]
        assert len(forms) == len({*forms} - {normal_form(field.name), normal_form(field.label)}), field.name


@pytest.mark.parametrize("feed", REQUIRED)
def test_every_field_is_described_and_events_are_no_due_dates(feed):
    contract = CONTRACTS[feed]
    assert all(f.description.endswith(".") for f in contract.fields)
    assert not {"ngay_hen_tra", "han_xu_ly"} & {*contract.events, *contract.state_time}
    assert "/" not in contract.table


def test_own_state_times_are_those_of_rule_r8():
    own = {feed: contract.state_time for feed, contract in CONTRACTS.items() if contract.state_time}
    registers = ("khai_sinh", "khai_tu", "ket_hon", "nhan_cha_me_con", "so_hoa")
    assert own == {
        "dvc/qua_trinh": ("thoi_diem",),
        "dvc/thanh_toan": ("thoi_diem",),
        "dvc/danh_gia": ("thoi_diem",),
        "dvcqg/ho_so": ("ngay_dong_bo",),
        "bo_chi_so_766/diem": ("thoi_diem_lay",),
        "chi_dao/nhiem_vu": ("ngay_cap_nhat",),
        **{f"ho_tich/{name}": ("ngay_cap_nhat",) for name in registers},
    }


def test_state_and_event_fields_are_times():
    for contract in CONTRACTS.values():
        for name in contract.state_time:
            assert contract.by_name[name].kind is Kind.TIMESTAMP
        for name in contract.events:
            assert contract.by_name[name].kind in (Kind.TIMESTAMP, Kind.DATE, Kind.PARTIAL_DATE)


def test_the_ten_dossier_statuses_have_their_numbers():
    codes = LISTS["trang_thai_ho_so"].codes
    assert [code.aliases[0] for code in codes] == [str(number) for number in range(1, 11)]


def test_the_same_digit_means_another_thing_in_another_register():
    spellings = {name: LISTS[f"loai_dang_ky_{name}"].spellings("") for name in ("khai_sinh", "khai_tu", "ket_hon")}
    assert spellings["khai_sinh"]["5"] == "cap_ban_chinh"
    assert spellings["khai_tu"]["5"] == "chet_da_lau"
    assert spellings["ket_hon"]["1"] == "lan_dau"


def test_every_code_list_is_used():
    used = {f.code_list for contract in CONTRACTS.values() for f in contract.fields if f.code_list}
    assert used == set(LISTS)


def test_raw_tables_can_be_created():
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA tho")
        for contract in CONTRACTS.values():
            connection.execute(contract.create_table_sql())
        (count,) = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'tho'").fetchall()[0]
    assert count == len(CONTRACTS)


def test_rows_for_a_terminal_name_every_field():
    for contract in CONTRACTS.values():
        assert [row[0] for row in field_rows(contract)] == [f.name for f in contract.fields]
