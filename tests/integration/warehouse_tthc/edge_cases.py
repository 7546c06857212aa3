"""Dossiers whose due dates and outcomes were computed by hand from a wall calendar of 2025 (R2–R4, R3b).

Days off that matter: Tết 25/1–2/2, Giỗ Tổ Monday 7/4, 30/4–2/5 with the working Saturday 26/4, 1–2/9. As-of 30/9/2025.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from province import TODAY, level_on, version_on
from reference_rules import ASK, DONE, NEW, REFUSED, STOPPED, WITHDRAWN, Dossier

WORKING, PAID = "dang_xu_ly", "yeu_cau_nghia_vu_tai_chinh"


@dataclass(frozen=True)
class Expected:
    """What the warehouse must say; days in 2025 as ``d/m`` or None."""

    due: str | None
    moved: int | None = 0
    by_law: str | None = ""
    printed: str | None = None
    again: str | None = None
    open_state: str | None = None
    leaves: str | None = None
    requests: int = 0

    def row(self) -> tuple[object, ...]:
        law = self.due if self.by_law == "" else self.by_law
        dates = (_day(self.due), self.moved, _day(law))
        return (*dates, self.printed, self.again, self.open_state, _day(self.leaves), self.requests)


def _day(text: str | None) -> date | None:
    return date(2025, *map(int, reversed(text.split("/")))) if text else None


def _at(text: str | None) -> datetime | None:
    if text is None:
        return None
    day, _, clock = text.partition(" ")
    hour, minute, second = ([*map(int, clock.split(":")), 0, 0] if clock else [0, 0, 0])[:3]
    month = int(day.split("/")[1])
    return datetime(2025, month, int(day.split("/")[0]), hour, minute, second)


def case(
    name: str,
    procedure: str,
    received: str,
    expected: Expected,
    *,
    status: str = WORKING,
    due: str | None = None,
    finished: str | None = None,
    handed: str | None = None,
    steps: tuple[tuple[str, str], ...] = (),
) -> tuple[Dossier, Expected]:
    """One dossier of agency A; moments are ``d/m`` or ``d/m h:mm[:ss]`` of 2025."""
    moment = _at(received)
    assert moment is not None
    level = level_on("A", moment.date())
    version = version_on(procedure, level, moment.date())
    dossier = Dossier(
        code=f"A-{moment:%y%m%d}-{name}",
        unit="A",
        level=level,
        today=TODAY["A"],
        exported=procedure,
        procedure=version.code if version else None,
        limit=version.limit if version else None,
        channel="truc_tuyen",
        status=status,
        received=moment,
        due=_at(due),
        finished=_at(finished),
        handed_over=_at(handed),
        steps=tuple((at, step) for text, step in steps if (at := _at(text))),
    )
    return dossier, expected


def _open(due: str | None, moved: int | None = 0, **more: object) -> Expected:
    return Expected(due, moved, **({"open_state": "khong_han"} | more))  # type: ignore[arg-type]


CASES = [
    # the day of receipt
    case("sang_thu_bay_lam_bu", "P.TN", "26/4 14:59", _open("26/4")),
    case("15h_thu_bay_lam_bu", "P.TN", "26/4 15:00", _open("28/4")),
    case("chu_nhat_16h", "P.TN", "27/4 16:00", _open("28/4")),
    case("chieu_thu_sau_truoc_lam_bu", "P.TN", "25/4 15:00", _open("26/4")),
    case("truoc_tet_sau_17h", "P.LV", "24/1 17:30", _open("7/2")),
    case("trong_tet", "P.LV", "29/1 09:00", _open("10/2")),
    case("khong_ngay_ngay_le", "P.KO", "30/4 09:00", _open("5/5")),
    case("khong_ngay_trong_ngay", "P.KO", "5/5 23:30", _open("5/5")),
    case("gio_qua_le", "P.GI", "29/4 10:00", _open("6/5")),
    case("ngay_roi_chu_nhat", "P.NG", "24/4 09:00", _open("5/5")),
    case("ngay_roi_ngay_hoan_doi", "P.NG", "22/4 09:00", _open("5/5")),
    case("ngay_nhan_chu_nhat", "P.NG", "20/4 09:00", _open("5/5")),
    case("thoi_han_cu_nhan_thu_bay", "P.OV", "31/5 10:00", _open("5/6")),
    case("thoi_han_moi_nhan_chu_nhat", "P.OV", "1/6 10:00", _open("13/6")),
    case("khong_thoi_han", "P.KH", "3/3 09:00", _open(None, None)),
    # pauses
    case("cho_qua_gio_to", "P.LV", "3/4 09:00", _open("14/4", 1, by_law="15/4", requests=1),
         steps=(("4/4 16:00", ASK), ("8/4 08:00", WORKING))),
    case("hai_lan", "P.LV", "3/3 09:00", _open("13/3", 3, by_law="17/3", requests=2),
         steps=(("4/3 10:00", ASK), ("6/3 09:00", WORKING), ("7/3 10:00", ASK), ("10/3 08:00", WORKING))),
    case("hai_lan_lien", "P.LV", "3/3 09:00", _open("12/3", 2, by_law="13/3", requests=2),
         steps=(("4/3 10:00", ASK), ("5/3 09:00", ASK), ("6/3 08:00", WORKING))),
    case("cho_sau_han", "P.LV", "3/3 09:00", _open("10/3", 0, by_law="20/3", requests=1),
         steps=(("11/3 08:00", ASK), ("13/3 08:00", WORKING))),
    case("cho_tu_ngay_han", "P.LV", "3/3 09:00", _open("12/3", 2, by_law="19/3", requests=1),
         steps=(("10/3 15:00", ASK), ("12/3 08:00", WORKING))),
    case("cho_trong_mot_ngay", "P.LV", "3/3 09:00", _open("10/3", 0, by_law="11/3", requests=1),
         steps=(("4/3 08:00", ASK), ("4/3 16:00", WORKING))),
    case("cho_ngay_lich", "P.NG", "3/3 09:00", _open("18/3", 5, by_law="20/3", requests=1),
         steps=(("4/3 10:00", ASK), ("9/3 08:00", WORKING))),
    case("cho_tu_truoc_khi_nhan", "P.LV", "8/9 09:00", _open("17/9", 2, by_law="16/9", requests=1),
         steps=(("5/9 10:00", ASK), ("9/9 08:00", WORKING))),
    case("dang_cho", "P.LV", "22/9 09:00", _open("3/10", 4, by_law=None, requests=1),
         status=ASK, steps=(("24/9 10:00", ASK),)),
    case("cho_den_khi_xong", "P.LV", "8/9 09:00",
         Expected("17/9", 2, "15/9", "khong_han", "truoc_han", leaves="12/9", requests=1),
         status=DONE[1], finished="12/9 10:00", steps=(("10/9 10:00", ASK),)),
    case("bo_sung_bang_nop_phi", "P.LV", "3/3 09:00", _open("11/3", 1, by_law="12/3", requests=1),
         steps=(("4/3 10:00", ASK), ("5/3 09:00", PAID), ("20/3 09:00", WORKING))),
    case("rut_khi_cho", "P.LV", "3/3 09:00", Expected("12/3", 2, "10/3", leaves="6/3", requests=1),
         status=WITHDRAWN, steps=(("4/3 10:00", ASK), ("6/3 10:00", WITHDRAWN))),
    case("tu_choi_sau_bo_sung", "P.LV", "3/3 09:00", Expected("12/3", 2, "13/3", requests=1),
         status=REFUSED, steps=(("4/3 10:00", ASK), ("6/3 10:00", REFUSED))),
    case("buoc_khong_theo_thu_tu", "P.LV", "3/3 09:00", _open("12/3", 2, by_law="13/3", requests=1),
         steps=(("6/3 09:00", WORKING), ("4/3 10:00", ASK), ("3/3 09:00", "duoc_tiep_nhan"))),
    # ends and outcomes
    case("dung_phut_hen", "P.LV", "3/3 09:00",
         Expected("10/3", printed="dung_han", again="truoc_han", leaves="7/3"),
         status=DONE[0], due="7/3 11:30", finished="7/3 11:30"),
    case("tre_mot_giay", "P.LV", "3/3 09:00", Expected("10/3", printed="qua_han", again="truoc_han", leaves="7/3"),
         status=DONE[0], due="7/3 11:30", finished="7/3 11:30:01"),
    case("hen_chi_co_ngay", "P.LV", "3/3 09:00",
         Expected("10/3", printed="dung_han", again="dung_han", leaves="10/3"),
         status=DONE[0], due="10/3", finished="10/3 23:59:59"),
    case("nua_dem_hom_sau", "P.LV", "3/3 09:00", Expected("10/3", printed="qua_han", again="qua_han", leaves="11/3"),
         status=DONE[0], due="10/3", finished="11/3"),
    case("chi_co_ngay_tra", "P.LV", "3/3 09:00",
         Expected("10/3", printed="truoc_han", again="dung_han", leaves="10/3"),
         status=DONE[1], due="11/3", handed="10/3 16:00"),
    case("co_ket_thuc_ma_dang_xu_ly", "P.LV", "3/3 09:00",
         Expected("10/3", printed="dung_han", again="truoc_han", leaves="5/3"), due="5/3", finished="5/3 10:00"),
    case("tra_ma_dang_xu_ly", "P.LV", "3/3 09:00", _open("10/3"), handed="10/3 16:00"),
    case("xong_truoc_khi_nhan", "P.LV", "5/3 09:00",
         Expected("12/3", printed="truoc_han", again="truoc_han", leaves="5/3"),
         status=DONE[0], due="7/3", finished="3/3 09:00"),
    case("xong_khong_ngay", "P.LV", "3/3 09:00", Expected("10/3"), status=DONE[0], due="10/3"),
    case("moi_dang_ky", "P.LV", "3/3 09:00", Expected("10/3"), status=NEW, due="10/3"),
    case("dung_xu_ly", "P.LV", "3/3 09:00", Expected("10/3", leaves="7/3"), status=STOPPED, finished="7/3 09:00"),
    # in progress at the end of 30/9
    case("hen_hom_nay", "P.LV", "22/9 09:00", _open("29/9", open_state="trong_han"), due="30/9"),
    case("hen_chieu_nay", "P.LV", "22/9 09:00", _open("29/9", open_state="qua_han"), due="30/9 16:00"),
    case("hen_hom_qua", "P.LV", "22/9 09:00", _open("29/9", open_state="qua_han"), due="29/9"),
    case("hen_ngay_mai", "P.LV", "22/9 09:00", _open("29/9", open_state="trong_han"), due="1/10 07:00"),
]  # fmt: skip
