"""The small sample's civil-registry exports: electronic registers, the "158" template, the police dialect."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import polars as pl

from pipelines.sample.answer_key import FINDING
from pipelines.sample.context import Context, title
from pipelines.sample.files.defects import (
    DESTROYED,
    MISSING,
    MISSING_KEY,
    UNREADABLE,
    Fault,
    Junk,
    add_junk,
    eat_zeros,
    set_cell,
    spoil,
)
from pipelines.sample.files.export import Export, Layout, Planted, Sheet
from pipelines.sample.files.text_mess import Spelling, camel
from pipelines.sample.registers.registry import ELECTRONIC, PAPER, Batch, births, deaths, marriages, recognitions
from pipelines.sample.registers.registry_duplicates import (
    certificate_again,
    corrected,
    keyed_twice,
    paper_copy,
    registered_again,
    siblings,
    twins,
    two_places,
)
from pipelines.sample.world.geography import MERGER, units_on

_BIRTHS, _DEATHS, _MARRIAGES, _RECOGNISED = (
    "ho_tich/khai_sinh", "ho_tich/khai_tu", "ho_tich/ket_hon", "ho_tich/nhan_cha_me_con",
)  # fmt: skip
_PAPER_UPDATED = datetime(2025, 2, 20, 8)
_TEMPLATE = {  # names of the digitisation template that differ from the canonical field in camel case
    "me_so_giay_to": "meSoGiayToTuyThan", "cha_so_giay_to": "chaSoGiayToTuyThan",
    "chong_so_giay_to": "chongSoGiayToTuyThan", "vo_so_giay_to": "voSoGiayToTuyThan",
    "nkt_nguyen_nhan": "nktNguyenNhanChet", "ngay_ket_hon": "ngayXacLapQuanHeHonNhan",
    "cha_me_ho_ten": "cmHoTen", "con_ho_ten": "ncHoTen", "con_ngay_sinh": "ncNgaySinh",
}  # fmt: skip
_HINTS = {
    "loai_dang_ky": "\ni=[1,2,3,4,5,6]",
    "quyen_so": " ",
    "trang_so": "  ",
    "ngay_dang_ky": "\n(dd.mm.yyyy)",
    "so": " ",
}


@dataclass
class RegistryTruth:
    """Every record of the registers with ``loai_so``, ``ma_nguoi``, ``loai_trung`` for the answer key."""

    parts: list[pl.DataFrame] = field(default_factory=list)

    def add(self, register: str, frame: pl.DataFrame, born: str) -> None:
        """Remember records as they should be read."""
        kind = pl.col("loai_trung") if "loai_trung" in frame.columns else pl.lit(None, pl.String)
        self.parts.append(
            frame.select(
                pl.lit(register).alias("loai_so"),
                "noi_dang_ky",
                pl.col("ngay_dang_ky").str.slice(0, 4).alias("nam"),
                "so",
                "quyen_so",
                "nguon",
                pl.col(born).alias("ngay_sinh"),
                pl.format("{}-{}", pl.lit(register), "ma_nguoi").alias("ma_nguoi"),
                kind.alias("loai_trung"),
            )
        )

    def frame(self) -> pl.DataFrame:
        """One row a record; records of one person share ``ma_nguoi``."""
        return pl.concat(self.parts)


def _communes(context: Context, day: date) -> tuple[str, ...]:
    return tuple(units_on(context.world.agencies, day).filter(pl.col("cap") == "xa")["ma_don_vi"])


def _batches(context: Context) -> list[Batch]:
    """One electronic batch before the merger, one after, as far as the months reach."""
    first, last = context.months[0].first, context.as_of
    result = []
    if first < MERGER:
        end = min(last, date(2025, 6, 30))
        result.append(Batch(_communes(context, first), first, end, ELECTRONIC))
    if last >= MERGER:
        start = max(first, MERGER)
        result.append(Batch(_communes(context, start), start, last, ELECTRONIC, people_from=2_000, identity_from=2_000))
    return result


def template_sheet(context: Context, feed: str, frame: pl.DataFrame) -> Sheet:
    """The "158" template: sheet ``DL Import``, camelCase headers with spaces, breaks and hints, dotted dates."""
    spelling = Spelling(headers="camel_nho", dates="cham", codes="so", partial="cham")
    printed = frame.with_columns(pl.col("ngay_cap_nhat").dt.truncate("1d"))
    sheet = context.sheet(feed, printed, spelling, name="DL Import")
    names = [_TEMPLATE.get(column, camel(column, first_upper=False)) for column in sheet.frame.columns]
    sheet.headers = [name + _HINTS.get(column, "") for name, column in zip(names, sheet.frame.columns, strict=True)]
    return sheet


def police_sheet(context: Context, feed: str, frame: pl.DataFrame) -> Sheet:
    """The police dialect: sheet ``DL_GOC``, capital headers and names, codes as numbers, identity numbers as
    floats, placeholder addresses, the keying units of the row."""
    spelling = Spelling(headers="camel_nho", codes="so")
    names = [c for c in frame.columns if c.endswith("_ho_ten")]
    printed = frame.with_columns(
        pl.col(names).str.to_uppercase(),
        pl.lit("Huyện nhập").alias("DC_DVNHAPHUYEN"),
        pl.lit("Xã nhập").alias("DC_DVNHAPXA"),
    )
    sheet = context.sheet(feed, printed, spelling, name="DL_GOC")
    sheet.headers = [_TEMPLATE.get(c, camel(c)).upper() if c in frame.columns else c for c in sheet.frame.columns]
    sheet.numbers = frozenset({"trang_so", "loai_dang_ky", "nks_so_dinh_danh", "me_so_giay_to", "cha_so_giay_to"})
    for column in ("DC_DVNHAPHUYEN", "DC_DVNHAPXA"):
        sheet.planted.append(Planted("cot_la", None, column, FINDING, "cot_la"))
    if "nks_noi_sinh" in sheet.frame.columns:
        for row in range(0, sheet.frame.height, 14):
            spoil(sheet, row, Fault("dia_chi_gia", "nks_noi_sinh", ", , , ", "gia_tri_gia"), "so")
    return sheet


def without_person(frame: pl.DataFrame) -> pl.DataFrame:
    """Without what only the answer key may know: who it is, and what kind of duplicate."""
    return frame.drop([c for c in ("ma_nguoi", "loai_trung") if c in frame.columns])


def _electronic_births(context: Context, size: int) -> pl.DataFrame:
    rng = context.stream("khai_sinh_dien_tu")
    batches = _batches(context)
    frames = [births(rng, batch, size // len(batches)) for batch in batches]
    frame = pl.concat(frames).with_columns(pl.lit(None, pl.String).alias("loai_trung"))
    return with_families(frame)


def with_families(frame: pl.DataFrame, identity_from: int = 0) -> pl.DataFrame:
    """Turns neighbours in a unit's book into twins (1.5 %) and siblings (3 %); their numbers start at
    ``identity_from`` within blocks of their own."""
    young = (frame["loai_dang_ky"] == "dung_han").to_numpy()
    units = frame["noi_dang_ky"].to_numpy()
    pairs = [i for i in range(0, frame.height - 1, 2) if young[i] and young[i + 1] and units[i] == units[i + 1]]
    for kind, chosen in ((twins, pairs[5::60]), (siblings, pairs[6::30])):
        base = np.array(chosen, dtype=np.int64)
        other = base + 1
        changed = kind(frame[base], frame[other], identity_from)
        keep = np.ones(frame.height, dtype=bool)
        keep[other] = False
        frame = (
            pl.concat(
                [
                    frame.with_columns(pl.int_range(pl.len()).alias("_i")).filter(pl.Series(keep)),
                    changed.select(frame.columns).with_columns(pl.Series("_i", other)),
                ]
            )
            .sort("_i")
            .drop("_i")
        )
    return frame


def _both_carriers(rng: np.random.Generator, units: tuple[str, ...]) -> pl.DataFrame:
    """Electronic records of 2017–2018 whose paper pages are keyed as well."""
    frame = (
        births(
            rng,
            Batch(
                units,
                date(2017, 1, 1),
                date(2018, 12, 31),
                ELECTRONIC,
                number_skip=700,
                people_from=30_000,
                identity_from=30_000,
            ),
            8,
        )
        .filter(pl.col("loai_dang_ky").is_in(["dung_han", "qua_han"]))
        .with_columns(pl.lit(None, pl.String).alias("loai_trung"))
    )
    return frame


def birth_files(context: Context, truth: RegistryTruth, size: int) -> None:
    """``ho_tich/khai_sinh``: electronic in csv/json/xlsx, paper in both dialects, duplicates of every kind."""
    electronic = _electronic_births(context, size * 3 // 5)
    rng = context.stream("khai_sinh_giay")
    units = _communes(context, date(2025, 1, 20))[:10]
    paper = births(
        rng,
        Batch(
            units, date(1996, 1, 1), date(2012, 12, 31), PAPER, _PAPER_UPDATED, people_from=10_000, identity_from=10_000
        ),
        size * 2 // 5,
    )
    paper = paper.with_columns(pl.lit(None, pl.String).alias("loai_trung"))
    slots = births(
        rng,
        Batch(
            _communes(context, context.as_of),
            context.months[-1].first,
            context.as_of,
            ELECTRONIC,
            number_skip=500,
            people_from=20_000,
            identity_from=20_000,
        ),
        40,
    )
    full = paper.filter(pl.col("nks_ngay_sinh").str.len_chars() == 10)
    children = electronic.filter(
        (pl.col("loai_dang_ky") == "dung_han")
        & pl.col("loai_trung").is_null()
        & pl.col("nks_so_dinh_danh").is_not_null()
    )
    copies = _both_carriers(rng, units)
    again = pl.concat(
        [
            registered_again(full.slice(0, 14), slots.slice(0, 14)),
            two_places(children.slice(20, 8), slots.slice(14, 8)),
            certificate_again(full.slice(20, 8), slots.slice(22, 8)),
        ]
    )
    twice = keyed_twice(full.slice(40, 8))
    on_paper = paper_copy(copies, datetime(2025, 2, 21, 8))
    fixed = corrected(children.slice(40, 6), datetime.combine(context.as_of, datetime.min.time()).replace(hour=10))
    _write_electronic_births(context, pl.concat([electronic, copies, again]), fixed)
    _write_paper_births(context, pl.concat([paper, twice]), on_paper)
    for frame in (electronic, copies, again, paper, twice, on_paper, fixed):
        truth.add("khai_sinh", frame, "nks_ngay_sinh")


def _write_electronic_births(context: Context, frame: pl.DataFrame, fixed: pl.DataFrame) -> None:
    frame = without_person(frame)
    third = frame.height // 3
    book = context.sheet(
        _BIRTHS,
        frame.head(third),
        Spelling(codes="so", partial="gach_duoi"),
        Layout(("SỔ ĐĂNG KÝ KHAI SINH (dữ liệu tổng hợp)",)),
    )
    key = "so"
    add_junk(
        book,
        [
            Junk("khoa_trong", 3, {"so": None}, "so", MISSING_KEY),
            Junk("dinh_danh_hong", 6, {"so": "9901", "nks_so_dinh_danh": "2.4225E+10"}, "nks_so_dinh_danh", DESTROYED),
            Junk("ngay_khong_doc_duoc", 8, {"so": "9902", "ngay_dang_ky": "30/02/2025"}, "ngay_dang_ky", UNREADABLE),
            Junk("bat_buoc_trong", 11, {"so": "9903", "nks_ho_ten": None}, "nks_ho_ten", MISSING),
        ],
        key,
    )
    eat_zeros(book, "nks_so_dinh_danh", key, every=30, start=12)
    context.write(Export(_BIRTHS, "sổ điện tử 1.xlsx", [book]))
    text = context.sheet(
        _BIRTHS, frame.slice(third, third), Spelling(headers="camel", codes="chuan", dates="gach_cheo")
    )
    _contradictions(text)
    context.write(Export(_BIRTHS, "so_dien_tu_2.csv", [text], charset="tcvn3", delimiter=";"))
    rest = context.sheet(
        _BIRTHS,
        frame.slice(2 * third),
        Spelling(headers="camel_nho", dates="iso", codes="chuan", partial="chuan", typed=True),
    )
    context.write(Export(_BIRTHS, "so_dien_tu_3.jsonl", [rest]))
    later = context.sheet(_BIRTHS, without_person(fixed), Spelling(headers="nhan"))
    context.write(Export(_BIRTHS, "cải chính.csv", [later], charset="utf-8-sig", delimiter=";"))


def _contradictions(sheet: Sheet) -> None:
    """Three numbers that contradict sex or year of birth, one number of another child (R9)."""
    numbers = sheet.frame["nks_so_dinh_danh"].to_list()
    rows = [i for i, n in enumerate(numbers) if n is not None and len(n) == 12][5:40:9]
    for row in rows[:2]:
        number = str(numbers[row])
        flipped = number[:3] + str(int(number[3]) ^ 1) + number[4:6] + "2" + number[7:]
        set_cell(sheet, row, "nks_so_dinh_danh", flipped)
        sheet.planted.append(
            Planted("dinh_danh_trai_gioi_tinh", row, "nks_so_dinh_danh", FINDING, "", str(sheet.frame["so"][row]))
        )
    number = str(numbers[rows[2]])
    set_cell(sheet, rows[2], "nks_so_dinh_danh", number[:4] + "11" + number[6:])
    sheet.planted.append(
        Planted("dinh_danh_trai_nam_sinh", rows[2], "nks_so_dinh_danh", FINDING, "", str(sheet.frame["so"][rows[2]]))
    )


def _write_paper_births(context: Context, frame: pl.DataFrame, on_paper: pl.DataFrame) -> None:
    # a page keyed twice is a duplicate only within one file: later files are later states (R10)
    plain = without_person(frame).sort("noi_dang_ky", "ngay_dang_ky", "so", maintain_order=True)
    half = plain.height // 2
    while plain["so"][half] == plain["so"][half - 1]:
        half += 1
    template = template_sheet(context, _BIRTHS, plain.head(half))
    context.write(Export(_BIRTHS, "số hóa/nhập từ sổ giấy.xlsx", [template]))
    police = police_sheet(context, _BIRTHS, plain.slice(half))
    add_junk(
        police, [Junk("ngay_gia", 5, {"so": "9911", "ngay_dang_ky": "19/11/1999"}, "ngay_dang_ky", MISSING_KEY)], "so"
    )
    for row, column, value, kind in ((9, "nks_ngay_sinh", "01/04/5005", "nam_5xxx"),):
        set_cell(police, row, column, value)
        police.planted.append(Planted(kind, row, column, FINDING, "", str(police.frame["so"][row])))
    context.write(Export(_BIRTHS, "số hóa/DU_LIEU_CA.xlsx", [police]))
    table = context.sheet(
        _BIRTHS,
        without_person(on_paper),
        Spelling(headers="chuan", dates="o_ngay", codes="chuan", partial="chuan", typed=True),
    )
    context.write(Export(_BIRTHS, "số hóa/nhập lại.parquet", [table]))


def other_register_files(context: Context, truth: RegistryTruth, size: int) -> None:
    """Deaths, marriages, recognitions: electronic and paper."""
    plans = (
        (_DEATHS, deaths, "khai_tu", "nkt_ngay_sinh", size, "vni"),
        (_MARRIAGES, marriages, "ket_hon", "chong_ngay_sinh", size, "utf-16"),
        (_RECOGNISED, recognitions, "nhan_cha_me_con", "con_ngay_sinh", max(size // 6, 20), "cp1258"),
    )
    units = _communes(context, date(2025, 1, 20))[:8]
    for feed, make, register, born, count, charset in plans:
        rng = context.stream(feed)
        batches = _batches(context)
        electronic = pl.concat([make(rng, batch, count * 2 // 3 // len(batches)) for batch in batches])
        paper = make(
            rng,
            Batch(
                units,
                date(2000, 1, 1),
                date(2010, 12, 31),
                PAPER,
                _PAPER_UPDATED,
                people_from=10_000,
                identity_from=10_000,
            ),
            count // 3,
        )
        truth.add(register, electronic, born)
        truth.add(register, paper, born)
        half = electronic.height // 2
        layout = Layout(title(f"SỔ ĐĂNG KÝ {register.replace('_', ' ').upper()}"))
        book = context.sheet(
            feed, without_person(electronic).head(half), Spelling(codes="so", partial="gach_duoi"), layout
        )
        if feed == _DEATHS:
            add_junk(
                book,
                [Junk("ngay_khong_doc_duoc", 4, {"so": "9921", "nkt_ngay_chet": "??"}, "nkt_ngay_chet", UNREADABLE)],
                "so",
            )
        context.write(Export(feed, "sổ điện tử 1.xlsx", [book]))
        text = context.sheet(feed, without_person(electronic).slice(half), Spelling(headers="camel", codes="chuan"))
        context.write(Export(feed, "so_dien_tu_2.csv", [text], charset=charset, delimiter=";"))
        if feed == _MARRIAGES:
            police = police_sheet(context, feed, without_person(paper))
            context.write(Export(feed, "số hóa/DU_LIEU_CA.xlsx", [police]))
        else:
            template = template_sheet(context, feed, without_person(paper))
            context.write(Export(feed, "số hóa/nhập từ sổ giấy.xlsx", [template]))
