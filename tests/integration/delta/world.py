"""A small province that goes on from night to night at random: what its systems export, good and bad."""

from __future__ import annotations

import csv
import io
import os
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

UNITS = ["H02.1", "H02.2", "H02.3", "H02.4", "H02.5"]
STATES = [
    "moi_dang_ky", "duoc_tiep_nhan", "khong_duoc_tiep_nhan", "dang_xu_ly", "yeu_cau_bo_sung",
    "yeu_cau_nghia_vu_tai_chinh", "cong_dan_rut", "dung_xu_ly", "da_xu_ly_xong", "da_tra_ket_qua",
]  # fmt: skip
PROCEDURES = ["1.000001", "1.000002", "2.000003", "P.4"]
NAMES = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Cường", "Phạm Thu Dung", "Hoàng Minh Đức", "Vũ Thị Hoa"]
Row = dict[str, object]


@dataclass
class World:
    """Everything that was ever exported, and the dice; ``day`` is the as-of day of the night to come."""

    raw: Path
    seed: int
    day: date = date(2025, 2, 10)
    number: int = 0
    dossiers: dict[str, Row] = field(default_factory=dict)
    portal: dict[str, Row] = field(default_factory=dict)
    births: dict[str, Row] = field(default_factory=dict)
    agencies: list[Row] = field(default_factory=list)
    catalogue: list[Row] = field(default_factory=list)
    written: list[tuple[str, list[Row]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - dice

    # -- what a night brings ------------------------------------------------------------------------------------

    def first_night(self) -> None:
        """Agencies, catalogue and two months of everything."""
        self.agencies = [
            {"ma_don_vi": code, "ten_don_vi": f"Xã {code}", "cap": cap, "hieu_luc_tu": "2020-01-01"}
            for code, cap in zip(UNITS, ("tinh", "huyen", "xa", "xa", "xa"), strict=True)
        ]
        self.catalogue = [
            {"ma_tthc": code, "ten_tthc": f"Thủ tục số {i}", "cap": "xa", "linh_vuc": "Hộ tịch", "thoi_han": 3 + i,
             "don_vi_thoi_han": ("ngay_lam_viec", "ngay")[i % 2], "muc_do_dvc": "toan_trinh", "co_phi": "có",
             "thiet_yeu": "có", "hieu_luc_tu": "2020-01-01"}
            for i, code in enumerate(PROCEDURES)
        ]  # fmt: skip
        self.export("dvc/co_quan", self.agencies)
        self.export("dvc/tthc", self.catalogue)
        self.export("dvcqg/tthc", [{"ma_tthc_qg": c, "ten_tthc": f"TT {c}", "cap": "xa"} for c in PROCEDURES[:3]])
        for _ in range(40):
            self.receive(self.some_day(60))
        for _ in range(15):
            self.register(self.some_day(60))
        self.ordinary()

    def next_night(self) -> str:
        """Something of what nights bring; returns what, for the report of a failure."""
        self.number += 1
        step = self.dice.choices([1, 0, 2, 25, -1, -40], [60, 8, 12, 8, 8, 4])[0]
        self.day = max(self.day + timedelta(days=step), date(2025, 1, 20))
        events = self.dice.choices(
            ["ordinary", "correction", "late_state", "again_whole", "same_bytes", "merger", "procedure", "bad_rows",
             "no_export_time", "petitions", "registry", "future_slip", "nothing", "shared_number"],
            [30, 15, 12, 10, 6, 3, 3, 8, 10, 5, 15, 4, 4, 5],
            k=self.dice.randint(1, 4),
        )  # fmt: skip
        for event in events:
            getattr(self, event)()
        return f"{self.day} ({step:+d}): {', '.join(events)}"

    def nothing(self) -> None:
        """A night without a file."""

    def ordinary(self) -> None:
        """New dossiers, and old ones that moved on, with their steps, payments, ratings and the portal's view."""
        for _ in range(self.dice.randint(1, 5)):
            self.receive(self.some_day(3))
        moved = self.dice.sample(sorted(self.dossiers), min(len(self.dossiers), 8))
        for code in moved:
            self.move(self.dossiers[code])
        rows = [self.dossiers[code] for code in sorted(set(moved) | set(list(self.dossiers)[-5:]))]
        self.export("dvc/ho_so", rows)
        steps = [self.step(row) for row in rows for _ in range(self.dice.randint(0, 2))]
        self.export("dvc/qua_trinh", steps)
        seen = [self.seen_by_portal(row) for row in rows if self.dice.random() < 0.8]
        self.export("dvcqg/ho_so", seen)
        self.export("dvc/thanh_toan", [self.payment(row) for row in rows if self.dice.random() < 0.3])
        self.export("dvc/danh_gia", [self.rating(row) for row in rows if self.dice.random() < 0.3])

    def correction(self) -> None:
        """Old dossiers get another unit, procedure, channel, receipt or due date."""
        rows = []
        for code in self.dice.sample(sorted(self.dossiers), min(len(self.dossiers), 3)):
            row = self.dossiers[code]
            what = self.dice.choice(["ma_don_vi", "ma_tthc", "kenh", "ngay_tiep_nhan", "ngay_hen_tra", "ten_tthc"])
            row[what] = {
                "ma_don_vi": self.dice.choice([*UNITS, "H02.9"]),
                "ma_tthc": self.dice.choice([*PROCEDURES, "X.1", "1.00000", ""]),
                "kenh": self.dice.choice(["truc_tuyen", "truc_tiep", ""]),
                "ngay_tiep_nhan": f"{self.some_day(70)} 09:00:00",
                "ngay_hen_tra": self.dice.choice(["", f"{self.some_day(-20)}", f"{self.some_day(30)} 17:00:00"]),
                "ten_tthc": self.dice.choice(["", "Thủ tục số 1", "tên lạ"]),
            }[what]
            rows.append(row)
        self.export("dvc/ho_so", rows)

    def late_state(self) -> None:
        """An export of long ago that arrives now: it must overwrite nothing newer, and may tell of new dossiers."""
        rows = [dict(self.dossiers[c]) for c in self.dice.sample(sorted(self.dossiers), min(len(self.dossiers), 6))]
        for row in rows:
            row["trang_thai"] = "duoc_tiep_nhan"
            row["ngay_ket_thuc"] = ""
        self.export("dvc/ho_so", rows, at=self.day - timedelta(days=self.dice.randint(5, 60)))

    def again_whole(self) -> None:
        """All of some weeks sent again, most of it as it was."""
        feed = self.dice.choice(["dvc/ho_so", "dvcqg/ho_so", "ho_tich/khai_sinh"])
        rows = {"dvc/ho_so": self.dossiers, "dvcqg/ho_so": self.portal, "ho_tich/khai_sinh": self.births}[feed]
        self.export(feed, [rows[c] for c in sorted(rows) if self.dice.random() < 0.7])

    def same_bytes(self) -> None:
        """A file of before, byte for byte, under another name."""
        if self.written:
            feed, rows = self.dice.choice(self.written)
            self.export(feed, rows)

    def merger(self) -> None:
        """A unit ends, another follows it."""
        row = self.dice.choice(self.agencies)
        row["hieu_luc_den"] = (self.day + timedelta(days=self.dice.randint(-20, 10))).isoformat()
        row["thay_the_boi"] = self.dice.choice([*UNITS, ""])
        self.export("dvc/co_quan", self.agencies)

    def procedure(self) -> None:
        """A new version of a procedure, or another time limit of an old one."""
        row = dict(self.dice.choice(self.catalogue))
        row["thoi_han"] = self.dice.randint(1, 20)
        if self.dice.random() < 0.6:
            row["hieu_luc_tu"] = self.some_day(40).isoformat()
            row["so_quyet_dinh"] = f"QD{self.number}"
        self.catalogue = [r for r in self.catalogue if (r["ma_tthc"], r["hieu_luc_tu"]) !=
                          (row["ma_tthc"], row["hieu_luc_tu"])] + [row]  # fmt: skip
        self.export("dvc/tthc", self.catalogue)

    def bad_rows(self) -> None:
        """Rows that are quarantined, of known dossiers and of none; values that cannot be read."""
        known = dict(self.dice.choice(list(self.dossiers.values())))
        known["ngay_tiep_nhan"] = "32/13/2025"
        odd = dict(self.dice.choice(list(self.dossiers.values())), ngay_hen_tra="ngày mai", kenh="bồ câu")
        self.export("dvc/ho_so", [known, odd, {**known, "ma_ho_so": ""}])
        portal = [dict(row, ngay_dong_bo="hôm qua") for row in list(self.portal.values())[:1]]
        self.export("dvcqg/ho_so", portal)

    def no_export_time(self) -> None:
        """A file that says nothing of its time: its latest event not after the as-of day tells how new it is."""
        rows = [dict(self.dossiers[c]) for c in self.dice.sample(sorted(self.dossiers), min(len(self.dossiers), 5))]
        for row in rows:
            self.move(row)
            self.dossiers[str(row["ma_ho_so"])] = row
        self.export("dvc/ho_so", rows, at=None)

    def future_slip(self) -> None:
        """An end in the future, in a file without export time: it counts once its day has come."""
        row = dict(self.dice.choice(list(self.dossiers.values())))
        row["ngay_ket_thuc"] = f"{self.some_day(-30)} 10:00:00"
        row["trang_thai"] = "da_xu_ly_xong"
        self.dossiers[str(row["ma_ho_so"])] = row
        self.export("dvc/ho_so", [row, self.dice.choice(list(self.dossiers.values()))], at=None)

    def petitions(self) -> None:
        """Petitions, some of them answered."""
        rows = [
            {"ma_pakn": f"PA{self.dice.randint(1, 40)}", "ngay_tiep_nhan": f"{self.some_day(40)} 08:00:00",
             "loai": self.dice.choice(["hanh_vi", "quy_dinh"]), "ma_don_vi": self.dice.choice(UNITS),
             "ngay_xu_ly": self.dice.choice(["", f"{self.some_day(10)} 08:00:00"])}
            for _ in range(3)
        ]  # fmt: skip
        self.export("dvc/pakn", rows)

    def registry(self) -> None:
        """Births, deaths and marriages: new ones, corrected ones, two of one key."""
        for _ in range(self.dice.randint(0, 3)):
            self.register(self.some_day(5))
        rows = [self.births[c] for c in self.dice.sample(sorted(self.births), min(len(self.births), 4))]
        for row in rows:
            what = self.dice.choice(["nks_ho_ten", "trang_thai", "nks_so_dinh_danh", "nguon", "nks_ngay_sinh"])
            row[what] = {
                "nks_ho_ten": self.dice.choice(NAMES),
                "trang_thai": self.dice.choice(["da_duyet", "da_huy", "cho_huy_so_dinh_danh", ""]),
                "nks_so_dinh_danh": self.dice.choice(["", self.identity()]),
                "nguon": self.dice.choice(["dien_tu", "so_hoa"]),
                "nks_ngay_sinh": self.some_day(90).isoformat(),
            }[what]
        self.export("ho_tich/khai_sinh", [*rows, *list(self.births.values())[-3:]])
        if self.dice.random() < 0.4:
            twin = dict(rows[0], nks_ho_ten=self.dice.choice(NAMES))
            self.export("ho_tich/khai_sinh", [rows[0], twin])
        if self.dice.random() < 0.5:
            self.export("ho_tich/khai_tu", [self.death() for _ in range(2)])
            self.export("ho_tich/ket_hon", [self.marriage()])

    def shared_number(self) -> None:
        """One identity number in the records of two children."""
        if len(self.births) > 2:
            one, other = self.dice.sample(sorted(self.births), 2)
            self.births[one]["nks_so_dinh_danh"] = self.births[other]["nks_so_dinh_danh"] or self.identity()
            self.export("ho_tich/khai_sinh", [self.births[one], self.births[other]])

    # -- single rows --------------------------------------------------------------------------------------------

    def some_day(self, back: int) -> date:
        """A day of the last ``back`` days (of the next ones where negative)."""
        return self.day - timedelta(days=self.dice.randint(min(back, 0), max(back, 0)))

    def identity(self) -> str:
        return f"0012250{self.dice.randint(0, 60):05d}"

    def receive(self, day: date) -> None:
        code = f"H02.1-{day:%y%m%d}-{len(self.dossiers) + 1:04d}"
        self.dossiers[code] = {
            "ma_ho_so": code, "ma_tthc": self.dice.choice([*PROCEDURES, *PROCEDURES, "X.1"]),
            "ten_tthc": self.dice.choice(["Thủ tục số 1", ""]), "ma_don_vi": self.dice.choice(UNITS),
            "kenh": self.dice.choice(["truc_tuyen", "truc_tiep", "buu_chinh", ""]),
            "ngay_tiep_nhan": f"{day} {self.dice.randint(7, 18):02d}:30:00",
            "ngay_hen_tra": self.dice.choice(["", f"{day + timedelta(days=self.dice.randint(1, 15))}",
                                              f"{day + timedelta(days=self.dice.randint(1, 15))} 16:00:00"]),
            "ngay_ket_thuc": "", "ngay_tra": "", "trang_thai": self.dice.choice(["duoc_tiep_nhan", "moi_dang_ky"]),
            "phi_le_phi": self.dice.choice(["", "0", "50000"]),
            "ket_qua_dien_tu": self.dice.choice(["có", "không", ""]),
            "ly_do_tra_lai": "", "so_dinh_danh": self.identity(),
        }  # fmt: skip

    def move(self, row: Row) -> None:
        row["trang_thai"] = self.dice.choice(STATES)
        done = row["trang_thai"] in ("da_xu_ly_xong", "da_tra_ket_qua", "cong_dan_rut", "dung_xu_ly")
        row["ngay_ket_thuc"] = f"{self.some_day(4)} 15:00:00" if done and self.dice.random() < 0.8 else ""
        row["ngay_tra"] = f"{self.some_day(2)} 16:00:00" if row["trang_thai"] == "da_tra_ket_qua" else ""
        row["ly_do_tra_lai"] = self.dice.choice(["", "Không thuộc thẩm quyền", "lý do khác"])

    def step(self, row: Row) -> Row:
        return {"ma_ho_so": row["ma_ho_so"], "thoi_diem": f"{self.some_day(12)} {self.dice.randint(7, 17):02d}:15:00",
                "trang_thai": self.dice.choice([*STATES, "yeu_cau_bo_sung", "yeu_cau_bo_sung"]),
                "ma_don_vi": row["ma_don_vi"]}  # fmt: skip

    def seen_by_portal(self, row: Row) -> Row:
        seen = {name: row[name] for name in ("ma_ho_so", "ma_don_vi", "ngay_tiep_nhan", "ngay_hen_tra")}
        seen |= {"ma_tthc_qg": row["ma_tthc"], "ngay_dong_bo": f"{self.some_day(3)} 23:00:00",
                 "trang_thai": row["trang_thai"] if self.dice.random() < 0.7 else "dang_xu_ly",
                 "ngay_ket_thuc": row["ngay_ket_thuc"]}  # fmt: skip
        if self.dice.random() < 0.1:
            seen["ma_ho_so"] = f"H02.1-{self.day:%y%m%d}-9{self.dice.randint(100, 999)}"
        self.portal[str(seen["ma_ho_so"])] = seen
        return seen

    def payment(self, row: Row) -> Row:
        return {"ma_giao_dich": f"GD{self.dice.randint(1, 500)}", "ma_ho_so": row["ma_ho_so"], "so_tien": "50000",
                "thoi_diem": f"{self.some_day(self.dice.choice([5, -5]))} 08:00:00",
                "kenh": self.dice.choice(["dvcqg", "tinh", "tai_quay"]),
                "ket_qua": self.dice.choice(["thanh_cong", "that_bai"])}  # fmt: skip

    def rating(self, row: Row) -> Row:
        return {"ma_ho_so": row["ma_ho_so"], "thoi_diem": f"{self.some_day(5)} 08:00:00",
                "diem": self.dice.randint(1, 5),
                "muc_do": self.dice.choice(["hai_long", "khong_hai_long", ""])}  # fmt: skip

    def register(self, day: date) -> None:
        number = len(self.births) + 1
        born = day - timedelta(days=self.dice.randint(1, 100))
        self.births[str(number)] = {
            "so": number, "quyen_so": "01/2025", "ngay_dang_ky": day.isoformat(),
            "noi_dang_ky": self.dice.choice(UNITS),
            "loai_dang_ky": self.dice.choice(["dung_han", "qua_han", "dang_ky_lai"]),
            "nguon": self.dice.choice(["dien_tu", "dien_tu", "so_hoa"]), "trang_thai": "da_duyet",
            "nks_ho_ten": self.dice.choice(NAMES), "nks_gioi_tinh": self.dice.choice(["nam", "nu"]),
            "nks_ngay_sinh": self.dice.choice([born.isoformat(), f"{born:%Y}", f"{born:%m/%Y}"]),
            "nks_so_dinh_danh": self.dice.choice(["", self.identity()]), "me_ho_ten": self.dice.choice(NAMES),
            "cha_ho_ten": self.dice.choice(NAMES), "ngay_cap_so_dinh_danh": self.dice.choice(["", day.isoformat()]),
        }  # fmt: skip

    def death(self) -> Row:
        day = self.some_day(30)
        return {"so": self.dice.randint(1, 20), "quyen_so": "KT/2025", "ngay_dang_ky": day.isoformat(),
                "noi_dang_ky": self.dice.choice(UNITS), "loai_dang_ky": "dung_han", "nguon": "dien_tu",
                "nkt_ho_ten": self.dice.choice(NAMES), "nkt_gioi_tinh": "nam", "nkt_ngay_sinh": "1950",
                "nkt_ngay_chet": (day - timedelta(days=self.dice.randint(0, 40))).isoformat()}  # fmt: skip

    def marriage(self) -> Row:
        return {"so": self.dice.randint(1, 10), "quyen_so": "KH/2025", "ngay_dang_ky": self.some_day(30).isoformat(),
                "noi_dang_ky": self.dice.choice(UNITS), "loai_dang_ky": "dang_ky_moi", "nguon": "dien_tu",
                "chong_ho_ten": self.dice.choice(NAMES), "vo_ho_ten": self.dice.choice(NAMES),
                "chong_ngay_sinh": "1990", "vo_ngay_sinh": "1992"}  # fmt: skip

    # -- files --------------------------------------------------------------------------------------------------

    def export(self, feed: str, rows: list[Row], at: date | str | None = "today") -> None:
        """One CSV; ``at``: its export time, None where the file does not tell."""
        if not rows:
            return
        names = list(dict.fromkeys(name for row in rows for name in row))
        text = io.StringIO()
        if at is not None:
            day = self.day if isinstance(at, str) else at
            moment = datetime(day.year, day.month, day.day, 17, self.dice.randint(0, 59))
            text.write(f"Thời điểm kết xuất: {moment:%d/%m/%Y %H:%M}\n")
        table = csv.DictWriter(text, names, restval="")
        table.writeheader()
        table.writerows(rows)
        folder = self.raw / feed
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / f"{self.number:03d}_{len(self.written):04d}.csv"
        place.write_text(text.getvalue(), encoding="utf-8")
        old = datetime(2025, 1, 1).timestamp()
        os.utime(place, (old, old))
        self.written.append((feed, [dict(row) for row in rows]))
