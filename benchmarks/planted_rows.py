"""Exports with clean rows and planted ones, laid beside the small sample: which rule must fire on which row.

The sample's own defects come with the mess of real exports; here every row is clean but for what it is planted for,
so that the rules of rates (late synchronisation, an empty channel) get recall and precision too. Dates lie outside the
windows of the sample's reports.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts.loader import load_contracts

NAME = "cai_them.csv"
Row = dict[str, str]


@dataclass(frozen=True)
class PlantedRow:
    """A row of ``<feed>/cai_them.csv`` (``row``: physical) on which exactly ``rules`` must fire."""

    feed: str
    row: int
    rules: frozenset[str]
    key: str

    @property
    def file(self) -> str:
        """Its file, as the ledger names it."""
        return f"{self.feed}/{NAME}"


UNIT = "H05.101"
DOSSIER: Row = {
    "ma_tthc": "BG.X011",
    "ten_tthc": "Thay đổi, cải chính hộ tịch",
    "linh_vuc": "Hộ tịch",
    "ma_don_vi": UNIT,
    "kenh": "Trực tuyến",
    "chu_ho_so": "Lê Văn Bình",
    "dien_thoai": "0912345678",
    "ngay_tiep_nhan": "08/12/2025 08:00",
    "ngay_hen_tra": "11/12/2025",
    "ngay_ket_thuc": "10/12/2025 15:00",
    "ngay_tra": "10/12/2025 16:00",
    "trang_thai": "Đã trả kết quả",
    "phi_le_phi": "50000",
    "thanh_toan_truc_tuyen": "Có",
    "ket_qua_dien_tu": "Có",
    "so_hoa_ho_so": "Có",
}
PORTAL: Row = {
    "ma_tthc_qg": "1.090494",
    "ma_don_vi": UNIT,
    "trang_thai": "Đã trả kết quả",
    "ngay_tiep_nhan": "08/12/2025 08:00",
    "ngay_hen_tra": "11/12/2025",
    "ngay_ket_thuc": "10/12/2025 15:00",
    "ngay_dong_bo": "10/12/2025 17:00",
    "danh_gia_han": "Đúng hạn",
}
STEP: Row = {"thoi_diem": "08/12/2025 09:00", "trang_thai": "Đang xử lý", "ma_don_vi": UNIT}
OPEN: Row = {"ngay_ket_thuc": "", "ngay_tra": "", "trang_thai": "Đang xử lý"}
NEW = OPEN | {"trang_thai": "Mới đăng ký"}
NOWHERE: Row = {"ma_don_vi": "H05.999"}
STANDING = OPEN | {"ngay_tiep_nhan": "01/12/2025 08:00", "ngay_hen_tra": "04/12/2025"}

# What is changed in the dossier, in its row of the national portal (None: no row) and in its step; where what fires.
Case = tuple[Row, Row | None, Row | None, Mapping[str, str]]
DOSSIERS: tuple[Case, ...] = (
    *(({}, {}, {}, {}) for _ in range(6)),
    ({"ma_tthc": "", "ten_tthc": ""}, {}, {}, {"dvc/ho_so": "HS_DU_02"}),
    ({"kenh": ""}, {}, {}, {"dvc/ho_so": "HS_DU_03"}),
    ({"ngay_hen_tra": ""}, {}, {}, {"dvc/ho_so": "MHS_DU_02"}),
    ({}, None, {}, {"dvc/ho_so": "QG_DU_01"}),
    ({}, {"ngay_dong_bo": "13/12/2025 08:00"}, {}, {"dvcqg/ho_so": "QG_SONG_01"}),
    (
        STANDING,
        STANDING | {"danh_gia_han": ""},
        {"thoi_diem": "28/11/2025 08:00", "trang_thai": "Được tiếp nhận"},
        {"dvc/ho_so": "MHS_SONG_01"},
    ),
    ({"ma_don_vi": "H02.22"}, {}, {}, {"dvc/ho_so": "MHS_DU_01 HS_DUNG_10"}),
    (
        NOWHERE,
        NOWHERE,
        {},
        {"dvc/ho_so": "MHS_DU_01 HS_DUNG_10", "dvcqg/ho_so": "QG_DUNG_05"},
    ),
    ({"ngay_tra": "09/12/2025 08:00"}, {}, {}, {"dvc/ho_so": "HS_DUNG_02"}),
    ({"ngay_hen_tra": "12/12/2025"}, {}, {}, {"dvc/ho_so": "MHS_DUNG_03"}),
    (
        OPEN | {"ngay_tra": "10/12/2025", "ngay_hen_tra": "11/12/2025"},
        OPEN | {"danh_gia_han": ""},
        {"thoi_diem": "20/12/2025 08:00"},
        {"dvc/ho_so": "HS_DUNG_06"},
    ),
    ({"phi_le_phi": "0"}, {}, {}, {"dvc/ho_so": "HS_DUNG_11"}),
    ({"dien_thoai": "12345"}, {}, {}, {"dvc/ho_so": "HS_DUNG_12"}),
    ({"ngay_ket_thuc": "", "ngay_tra": ""}, {}, {}, {"dvc/ho_so": "HS_DU_01 HS_DU_07"}),
    ({"ngay_tra": ""}, {}, {}, {"dvc/ho_so": "HS_DU_07"}),
    (
        {"trang_thai": "Dừng xử lý", "ngay_tra": "", "ly_do_tra_lai": ""},
        {"trang_thai": "Dừng xử lý", "danh_gia_han": ""},
        {},
        {"dvc/ho_so": "HS_DU_04"},
    ),
    ({}, {}, None, {"dvc/ho_so": "HS_DU_05"}),
    ({"so_dinh_danh": ""}, {}, {}, {"dvc/ho_so": "HS_DU_06"}),
    ({"ma_tthc": "BG.ZZZ9", "ten_tthc": "Thủ tục lạ"}, {}, {}, {"dvc/ho_so": "MHS_DUNG_02"}),
    (
        NEW,
        NEW | {"danh_gia_han": ""},
        {},
        {"dvc/ho_so": "HS_SONG_01"},
    ),
    ({}, {}, {"thoi_diem": "05/01/2026 08:00"}, {"dvc/qua_trinh": "QT_DUNG_01"}),
    ({}, {}, {"thoi_diem": "05/12/2025 08:00"}, {"dvc/qua_trinh": "QT_DUNG_02"}),
    (
        {"ngay_hen_tra": "12/12/2025"},
        {"ngay_hen_tra": "12/12/2025"},
        {"thoi_diem": "09/12/2025 09:00", "trang_thai": "Yêu cầu bổ sung"},
        {"dvc/qua_trinh": "QT_DU_01"},
    ),
    ({}, {"ngay_ket_thuc": "05/12/2025"}, {}, {"dvcqg/ho_so": "QG_DUNG_01 QG_SONG_01"}),
    ({}, {"ngay_tiep_nhan": "09/12/2025"}, {}, {"dvcqg/ho_so": "QG_DUNG_03"}),
    ({}, {"danh_gia_han": "Quá hạn"}, {}, {"dvcqg/ho_so": "QG_DUNG_04", "": "MDS_DU_01"}),
    ({}, {"ma_tthc_qg": ""}, {}, {"dvcqg/ho_so": "QG_DU_02"}),
    ({}, {"ma_tthc_qg": "9.999999"}, {}, {"dvcqg/ho_so": "QG_SACH_01"}),
)

REGISTERED: Row = {
    "quyen_so": "01/2024",
    "trang_so": "1",
    "ngay_dang_ky": "15/06/2024",
    "noi_dang_ky": UNIT,
    "nguon": "Điện tử",
    "trang_thai": "Đã duyệt",
}
REGISTERED_NOWHERE: Row = {"noi_dang_ky": "H05.999"}
QUIET: tuple[Row, str] = ({}, "")

BIRTH = REGISTERED | {
    "loai_dang_ky": "Đúng hạn",
    "ngay_cap_nhat": "15/06/2024 09:00",
    "nks_gioi_tinh": "Nam",
    "nks_ngay_sinh": "01/06/2024",
    "ngay_cap_so_dinh_danh": "20/06/2024",
    "nks_dan_toc": "Kinh",
    "me_ho_ten": "Trần Thị Lành",
    "me_ngay_sinh": "1995",
    "cha_ngay_sinh": "1993",
}
BIRTHS: tuple[tuple[Row, str], ...] = (
    *(QUIET,) * 4,
    ({"nks_so_dinh_danh": "", "ngay_cap_so_dinh_danh": ""}, "KS_SONG_01"),
    ({"nks_gioi_tinh": "Nữ"}, "KS_DUNG_04"),
    ({"nks_ngay_sinh": "01/06/2023", "loai_dang_ky": "Quá hạn"}, "KS_DUNG_05"),
    ({"loai_dang_ky": "Quá hạn"}, "KS_DUNG_06"),
    ({"quyen_so": "01/2025"}, "KS_DUNG_08"),
    ({"ngay_cap_so_dinh_danh": "20/05/2024"}, "KS_DUNG_10"),
    ({"me_ngay_sinh": "2018"}, "KS_DUNG_11"),
    ({"cha_ngay_sinh": "1900"}, "KS_DUNG_12"),
    ({"nks_gioi_tinh": ""}, "KS_DU_01"),
    ({"nks_ho_ten": "Lê"}, "KS_DU_02"),
    ({"me_ho_ten": "", "cha_ho_ten": "", "me_ngay_sinh": "", "cha_ngay_sinh": ""}, "KS_DU_03"),
    ({"loai_dang_ky": "6"}, "KS_DU_04"),
    ({"nks_ho_ten": "Lê Văn Khải (mất)"}, "KS_SACH_03"),
    ({"nks_dan_toc": "Kimh"}, "KS_SACH_05"),
    ({"trang_thai": "Chờ duyệt"}, "KS_SONG_02"),
    (REGISTERED_NOWHERE, "KS_DUNG_07"),
)
GIVEN = ("An", "Bảo", "Cường", "Dũng", "Đạt", "Giang", "Hải", "Khôi", "Lâm", "Minh", "Nam", "Phong", "Quân", "Sơn")

DEATH = REGISTERED | {
    "loai_dang_ky": "Đúng hạn",
    "nkt_gioi_tinh": "Nam",
    "nkt_ngay_sinh": "1950",
    "nkt_ngay_chet": "10/06/2024",
}
DEATHS: tuple[tuple[Row, str], ...] = (
    *(QUIET,) * 3,
    ({"ngay_dang_ky": "05/06/2024"}, "KT_DUNG_01"),
    ({"nkt_ngay_sinh": "2024-07"}, "KT_DUNG_02"),
    ({"loai_dang_ky": "Quá hạn"}, "KT_DUNG_06"),
    ({"quyen_so": "01/2025"}, "KT_DUNG_07"),
    ({"nkt_ho_ten": "Vô danh"}, "KT_DU_01"),
    ({"nkt_ho_ten": "Lê Văn Thọ 1950"}, "KT_SACH_03"),
    (REGISTERED_NOWHERE, "KT_DUNG_04"),
)

MARRIAGE = REGISTERED | {"chong_ngay_sinh": "1995", "vo_ngay_sinh": "1996"}
MARRIAGES: tuple[tuple[Row, str], ...] = (
    *(QUIET,) * 3,
    ({"chong_so_giay_to": "024095000001", "vo_so_giay_to": "024095000001"}, "KH_DUNG_01"),
    ({"quyen_so": "01/2025"}, "KH_DUNG_04"),
    ({"vo_ngay_sinh": "2009"}, "KH_DUNG_05"),
    ({"vo_ho_ten": "Lan"}, "KH_DU_01"),
    (REGISTERED_NOWHERE, "KH_DUNG_03"),
)

PETITION: Row = {
    "ngay_tiep_nhan": "08/12/2025",
    "loai": "Hành vi",
    "linh_vuc": "Đất đai",
    "ma_don_vi": UNIT,
    "han_xu_ly": "22/12/2025",
    "ngay_xu_ly": "15/12/2025",
    "ngay_cong_khai": "16/12/2025",
}
PETITIONS: tuple[tuple[Row, str], ...] = (
    *(QUIET,) * 3,
    ({"ngay_xu_ly": "05/12/2025"}, "PA_DUNG_01"),
    (NOWHERE, "PA_DUNG_02"),
    ({"ngay_cong_khai": "05/01/2026"}, "PA_DUNG_03"),
    ({"han_xu_ly": "05/12/2025"}, "PA_DUNG_04"),
    ({"han_xu_ly": ""}, "PA_DU_01"),
    (
        {"ngay_tiep_nhan": "06/01/2025", "han_xu_ly": "20/01/2025", "ngay_xu_ly": "", "ngay_cong_khai": ""},
        "PA_SONG_01",
    ),
)

LINKED: Row = {
    "nhom": "khai_sinh",
    "ma_don_vi": UNIT,
    "ngay_nop": "08/12/2025",
    "ngay_ho_tich": "09/12/2025",
    "ngay_cu_tru": "10/12/2025",
    "ngay_bhxh": "11/12/2025",
}
LINKEDS: tuple[tuple[Row, str], ...] = (
    *(QUIET,) * 3,
    ({"ngay_ho_tich": "05/12/2025"}, "LT_DUNG_01"),
    (NOWHERE, "LT_DUNG_02"),
    ({"ngay_bhxh": "05/01/2026"}, "LT_DUNG_03"),
    ({"ngay_cu_tru": "08/12/2025"}, "LT_DUNG_04"),
    ({"ngay_nop": "06/01/2025", "ngay_ho_tich": "07/01/2025", "ngay_cu_tru": "", "ngay_bhxh": ""}, "LT_SONG_01"),
)

BOOK: Row = {
    "ma_don_vi": UNIT,
    "loai_so": "khai_sinh",
    "nam_mo_so": "1980",
    "so_truong_hop": "50",
    "da_nhap": "50",
    "da_doi_soat": "50",
    "da_phe_duyet": "40",
    "ngay_cap_nhat": "08/12/2025",
}
BOOKS: tuple[tuple[Row, str], ...] = (
    *(QUIET,) * 3,
    ({"da_phe_duyet": "60"}, "SH_DUNG_01"),
    (NOWHERE, "SH_DUNG_03"),
    ({"nam_mo_so": "1981"}, "SH_DUNG_04"),
    ({"so_truong_hop": "0", "da_nhap": "0", "da_doi_soat": "0", "da_phe_duyet": "0"}, "SH_DU_01"),
    ({"ngay_cap_nhat": "08/01/2025"}, "SH_SONG_01"),
)


def plant(raw: Path) -> list[PlantedRow]:
    """Write the exports below ``raw`` and say which rules must fire on which row; a row without any must stay quiet."""
    feeds: dict[str, list[tuple[Row, str, str]]] = {}
    for number, (dossier, portal, step, rules) in enumerate(DOSSIERS):
        code = f"{UNIT}-251201-7{number:03d}"
        own = {"ma_ho_so": code, "so_dinh_danh": f"0240950{number:05d}"}
        for feed, base, changes in (
            ("dvc/ho_so", DOSSIER, dossier),
            ("dvcqg/ho_so", PORTAL, portal),
            ("dvc/qua_trinh", STEP, step),
        ):
            if changes is not None:
                feeds.setdefault(feed, []).append((own | base | changes, rules.get(feed, ""), code))
        if "" in rules:
            feeds.setdefault("", []).append(({}, rules[""], code))
    feeds["dvc/qua_trinh"].append((STEP | {"ma_ho_so": f"{UNIT}-251201-9999"}, "QT_SACH_01", ""))
    for feed, base, cases in (
        ("ho_tich/khai_sinh", BIRTH, BIRTHS),
        ("ho_tich/khai_tu", DEATH, DEATHS),
        ("ho_tich/ket_hon", MARRIAGE, MARRIAGES),
        ("dvc/pakn", PETITION, PETITIONS),
        ("ho_tich/lien_thong", LINKED, LINKEDS),
        ("ho_tich/so_hoa", BOOK, BOOKS),
    ):
        feeds[feed] = [(_own(n) | base | changes, rule, "") for n, (changes, rule) in enumerate(cases)]
    planted = []
    for feed, rows in feeds.items():
        if feed:
            _write(raw / feed / NAME, feed, [row for row, _, _ in rows])
        # A finding on a computed table names no file: it is known by its key.
        planted += [
            PlantedRow(feed, position if feed else 0, frozenset(rules.split()), key)
            for position, (_, rules, key) in enumerate(rows, start=2)
        ]
    return planted


def _own(number: int) -> Row:
    """What tells one row of a feed from another: keys and names."""
    given = GIVEN[number % len(GIVEN)]
    middle = ("Văn", "Đình", "Xuân", "Trọng")[number // len(GIVEN) % 4]
    return {
        "so": str(9001 + number),
        "nks_ho_ten": f"Lê {middle} {given}",
        "nks_so_dinh_danh": f"024224{990000 + number}",
        "cha_ho_ten": f"Lê Hữu {given}",
        "nkt_ho_ten": f"Lê {middle} {given}",
        "nkt_so_dinh_danh": f"024050{990000 + number}",
        "chong_ho_ten": f"Lê {middle} {given}",
        "vo_ho_ten": f"Trần Thị {given}",
        "chong_so_giay_to": f"024095{990000 + number}",
        "vo_so_giay_to": f"024196{990000 + number}",
        "ma_pakn": f"PA-CAI-{number:04d}",
        "ma_ho_so": f"LT-CAI-{number:05d}",
        "quyen_so": f"9{number}/1980",
    }


def _write(file: Path, feed: str, rows: Iterable[Row]) -> None:
    fields = {field.name: field.label for field in load_contracts()[feed].fields}
    listed = list(rows)
    used = [name for name in fields if any(name in row for row in listed)]
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, delimiter=";")
        writer.writerow([fields[name] for name in used])
        writer.writerows([row.get(name, "") for name in used] for row in listed)
