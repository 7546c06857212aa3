"""Files that hold a person's number, however it is packed; what could not be looked at is never passed over."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from xlsxwriter import Workbook

from pipelines.intake.limits import Limits
from pipelines.upkeep.person_files import Searched, search_files
from pipelines.upkeep.person_number import Person
from tests.unit.intake.sheet_files import xls, zipped

NUMBER = "036212345678"
BARE = 36212345678
OTHER = "036212345679"
WHO = Person(NUMBER, "k" * 32)
LINES = f"a,{OTHER}\nb,{NUMBER}\n"


def searched(folder: Path, limits: Limits | None = None) -> Searched:
    return search_files(folder, WHO.number, WHO.eaten, limits or Limits())


def found(
    folder: Path, name: str, data: bytes | str, limits: Limits | None = None
) -> tuple[list[tuple[str, ...]], bool]:
    """Rows of the places that are found in a folder with this file alone; whether all of it could be looked at."""
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    result = searched(folder, limits)
    assert {place.file.name for place in result.places} | {file.name for file in result.unread} <= {name}
    return [place.rows for place in result.places], not result.unread


def xlsx(cell: str | float, sheet: str = "Bảng") -> bytes:
    buffer = io.BytesIO()
    with Workbook(buffer) as book:
        page = book.add_worksheet(sheet)
        page.write(0, 0, "Ghi chú")
        page.write(2, 1, cell)
    return buffer.getvalue()


def parquet(cell: str | int) -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"a": ["x", "y"], "b": [cell, cell]}).write_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "rows"),
    [
        ("a.csv", LINES, ("2",)),
        ("a.csv", LINES.replace("\n", "\r"), ("2",)),
        ("a.csv", LINES.encode("utf-16"), ("2",)),
        ("a.csv", LINES.encode("utf-16-le"), ("2",)),
        ("a.csv", "b,036 212 345 678\n", ("1",)),
        ("a.csv", f"x\nb,{BARE}.0\nc,3.6212345678E10\n", ("2", "3")),
        ("a.json", f'[{{"a": "{NUMBER}"}}]', ()),
        ("a.jsonl", f'{{"a": 1}}\n{{"a": "{NUMBER}"}}', ("2",)),
        ("a.parquet", parquet(NUMBER), ("1", "2")),
        ("a.parquet", parquet(BARE), ("1", "2")),
        ("a.xlsx", xlsx(NUMBER), ("Bảng!3",)),
        ("a.xlsx", xlsx(float(BARE)), ("Bảng!3",)),
        ("a.xlsx", xlsx("x", sheet=f"Của {NUMBER}"), ()),
        ("a.zip", zipped({"b/c.csv": LINES}), ("b/c.csv!2",)),
        ("a.zip", zipped({"b.xlsx": xlsx(NUMBER)}), ("b.xlsx/Bảng!3",)),
        ("a.zip", zipped({"b.zip": zipped({"c.xlsx": xlsx(float(BARE))})}), ("b.zip/c.xlsx/Bảng!3",)),
        ("a.zip", zipped({f"{NUMBER}.csv": "a,b\n"}), ()),
    ],
)
def test_it_is_found_wherever_the_intake_would_read_it(
    tmp_path: Path, name: str, data: bytes | str, rows: tuple[str, ...]
) -> None:
    assert found(tmp_path, name, data) == ([rows], True)


@pytest.mark.parametrize("cell", [float(BARE), f"Nguyễn {NUMBER}", NUMBER])
def test_workbooks_of_before_2007_are_read_too(tmp_path: Path, cell: str | float) -> None:
    data = xls({"Sheet1": [["Tên"], ["Trần"], [cell]]})
    assert found(tmp_path, "a.xls", data) == ([("Sheet1!3",)], True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", f"{NUMBER}1\n9{NUMBER}\n{OTHER}\n1{BARE}\n"),
        ("a.xlsx", xlsx(float(BARE) + 1)),
        ("a.zip", zipped({"b.xlsx": xlsx(OTHER)})),
        ("a.csv", ""),
    ],
)
def test_the_number_of_somebody_else_is_none(tmp_path: Path, name: str, data: bytes | str) -> None:
    assert found(tmp_path, name, data) == ([], True)


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _harmed(data: bytes) -> bytes:
    """The packed bytes of the first member are no stream any more (``zlib.error``)."""
    start = 30 + int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
    return data[:start] + b"\xff" * 40 + data[start + 40 :]


@pytest.mark.parametrize("harm", [_cut, _harmed])
@pytest.mark.parametrize(
    ("name", "data"), [("a.xlsx", xlsx(OTHER)), ("a.zip", zipped({"b.csv": LINES * 9, "c.csv": "a\n"}))]
)
def test_what_is_damaged_is_listed_as_not_read(
    tmp_path: Path, name: str, data: bytes, harm: Callable[[bytes], bytes]
) -> None:
    assert found(tmp_path, name, harm(data)) == ([], False)


def test_what_else_a_damaged_zip_holds_is_found(tmp_path: Path) -> None:
    data = _harmed(zipped({"a.csv": "".join(map(str, range(999))), "b.csv": LINES}))
    assert found(tmp_path, "a.zip", data) == ([("b.csv!2",)], False)


def _locked() -> bytes:
    data = bytearray(zipped({"b.csv": "a,b\n"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def _deep() -> bytes:
    data = zipped({"a.csv": "a,b\n"})
    for _ in range(6):
        data = zipped({"a.zip": data})
    return data


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", _locked()),
        ("a.zip", _deep()),
        ("a.pdf", b"%PDF-1.7\n\x00"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00abc"),
        ("a.mht", "MIME-Version: 1.0\n\nMDM2\n"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99),
        ("a.parquet", b"PAR1" + b"\0" * 99),
        ("a.dat", b"\x01\0\0\x02"),
    ],
    ids=["locked", "deep", "pdf", "gz", "mht", "xls", "parquet", "bytes"],
)
def test_what_cannot_be_looked_at_is_listed(tmp_path: Path, name: str, data: bytes | str) -> None:
    assert found(tmp_path, name, data) == ([], False)


def test_a_bomb_is_left_at_the_limits_of_the_intake(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for place in range(4):
            made.writestr(f"{place}.csv", b"a,b\n" * 250)
    for limits in (Limits(member_bytes=900), Limits(total_unpacked_bytes=900), Limits(members=2)):
        assert found(tmp_path, "a.zip", buffer.getvalue(), limits) == ([], False)
    assert found(tmp_path, "a.zip", buffer.getvalue()) == ([], True)


def test_a_file_that_may_not_be_read_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_path: Path, _limits: Limits) -> None:
        raise PermissionError

    monkeypatch.setattr("pipelines.upkeep.person_files.read_source", closed)
    assert found(tmp_path, f"{NUMBER}.csv", LINES) == ([()], False)


@pytest.mark.parametrize(
    ("digits", "eaten"),
    [
        ("036212345678", {"36212345678", "36212345678.0", "3.6212345678E10", "3.6212345678E+10", "3,6212345678e+10"}),
        ("001200000000", {"1200000000", "1.2E9"}),
        ("123456789", {"123456789", "1.23456789E8"}),
    ],
)
def test_what_a_spreadsheet_makes_of_a_number(digits: str, eaten: set[str]) -> None:
    assert eaten <= set(Person(digits, "").eaten)


@pytest.mark.parametrize("digits", ["012345678", "000123456789"])
def test_what_may_be_the_number_of_another_is_not_looked_for(digits: str) -> None:
    assert Person(digits, "").eaten == ()


def test_a_passport_is_found_whatever_its_letters_and_never_within_a_longer_one(tmp_path: Path) -> None:
    who = Person("B1234567", "k" * 32)
    lines = ["B1234567", "b 1234567", "B12345678", "AB1234567", "1234567", "hộ chiếu B1234567.", "B1234567A"]
    (tmp_path / "a.csv").write_text("".join(f"x,{text}\n" for text in lines), encoding="utf-8")
    (tmp_path / "b.xlsx").write_bytes(xlsx("b1234567"))
    assert who.eaten == ()
    result = search_files(tmp_path, who.number, who.eaten, Limits())
    assert [place.rows for place in result.places] == [("1", "2", "6"), ("Bảng!3",)]
