"""Marker values in every personal field of every feed: none may be found in anything a run leaves behind.

Names, numbers, telephone numbers, addresses and free texts are planted, in rows that load, in rows that are
quarantined and in files that are refused or cannot be opened. Searched in NFC, NFD, without diacritics, in every case,
as UTF-8, UTF-16 and JSON escapes: the output of ``kho``, all of the data folder but the raw files, the working
database and the copy of its ledger (dbt's artefacts, the results of Great Expectations, the quality page, Dagster's
storage and logs), temporary files, and every published table.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import Contract, Field, Kind, Sensitivity
from tests.e2e.conftest import Kho

pytestmark = pytest.mark.cham

SYLLABLE = "Zqườngx"
NUMBERS = [f"0240960{n:05d}" for n in range(73120, 73140)]
PHONES = [f"09873{n:05d}" for n in range(61200, 61220)]
PRIVATE = {Sensitivity.PERSONAL, Sensitivity.SENSITIVE}

PLAIN = {
    Kind.DOSSIER_CODE: "H02.03-250203-{n:04d}",
    Kind.TIMESTAMP: "{d:02d}/02/2025 08:{n:02d}",
    Kind.DATE: "{d:02d}/02/2025",
    Kind.PARTIAL_DATE: "{d:02d}/02/2025",
    Kind.INTEGER: "{n}",
    Kind.DECIMAL: "{n}",
    Kind.MONEY: "50000",
    Kind.SHARE: "50%",
    Kind.BOOLEAN: "Có",
    Kind.PERIOD: "2025-02",
}


def value(contract: Contract, field: Field, n: int, *, broken: bool) -> str:
    """A cell: a marker wherever the field is personal; in a broken row also where a number or date belongs."""
    if field.sensitivity in PRIVATE:
        if field.kind is Kind.IDENTITY:
            return "2.40960E+11" if broken else NUMBERS[n]
        if "dien_thoai" in field.name:
            return PHONES[n]
        if field.kind in {Kind.TEXT, Kind.CODE}:
            return f"Nguyễn {SYLLABLE} {n}"
        if broken or field.kind not in PLAIN:
            return f"{SYLLABLE} {n}"
    if broken and field.kind in {Kind.TIMESTAMP, Kind.DATE, Kind.PARTIAL_DATE, Kind.MONEY, Kind.CODE_LIST}:
        return f"ghi nhầm {SYLLABLE}"
    if field.kind is Kind.CODE_LIST:
        return load_code_lists()[field.code_list or ""].codes[0].code
    return PLAIN.get(field.kind, "H02.03" if field.kind is Kind.CODE else "{n}").format(n=n, d=n + 1)


CODES = {Kind.CODE, Kind.DOSSIER_CODE, Kind.REGISTER_NUMBER}
CATALOGUES = {"dvc/tthc", "dvc/co_quan", "dvcqg/tthc"}
SLID = 5
"""The row in which a person stands in every column of a code or of a name that a catalogue knows."""


def slid(contract: Contract, field: Field, n: int) -> str | None:
    """A person where a code belongs: by name, by number, by telephone."""
    if contract.feed in CATALOGUES or field.sensitivity in PRIVATE or field.code_list is not None:
        return None
    if field.kind in CODES:
        return (f"Nguyễn {SYLLABLE} {n}", NUMBERS[n], PHONES[n])[len(field.name) % 3]
    return f"Nguyễn {SYLLABLE}" if field.kind is Kind.TEXT else None


def write_export(raw: Path, contract: Contract) -> None:
    file = raw / contract.feed / "xuat.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, delimiter=";")
        writer.writerow([*(field.label for field in contract.fields), "Cột lạ"])
        for n in range(8):
            row = [value(contract, field, n, broken=n > SLID) for field in contract.fields]
            if n == SLID:
                row = [slid(contract, f, n) or cell for f, cell in zip(contract.fields, row, strict=True)]
            elif n == 1:  # a text beside a code, in a row that loads
                row = [
                    (f.kind is Kind.TEXT and slid(contract, f, n)) or cell
                    for f, cell in zip(contract.fields, row, strict=True)
                ]
            writer.writerow([*row, f"{SYLLABLE} ở cột lạ"])


@cache
def needles() -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    plain = unicodedata.normalize("NFD", SYLLABLE.replace("đ", "d"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    forms = [unicodedata.normalize(form, SYLLABLE) for form in ("NFC", "NFD")] + [plain]
    for form in forms:
        for text in (form, form.upper(), form.lower()):
            for encoding in ("utf-8", "utf-16-le"):
                found[text.encode(encoding)] = text
            found[text.encode("unicode_escape")] = text
    for number in [*NUMBERS, *PHONES]:
        for encoding in ("utf-8", "utf-16-le"):
            found[number.encode(encoding)] = number
    return found


def found_in(content: bytes) -> list[str]:
    return [mark for needle, mark in needles().items() if needle in content]


def write_workbook(raw: Path, contract: Contract) -> None:
    """Rows that load, on a sheet named after a person."""
    book = xlsxwriter.Workbook(str(raw / contract.feed / "xuat.xlsx"))
    sheet = book.add_worksheet(f"Nguyễn Thị {SYLLABLE}")
    sheet.write_row(0, 0, [field.label for field in contract.fields])
    for n in (9, 10):
        sheet.write_row(n - 8, 0, [value(contract, field, n, broken=False) for field in contract.fields])
    book.close()


def write_broken_files(raw: Path) -> None:
    """Files that are refused: a column is missing, a workbook is cut off, bytes of no charset, JSON that ends early."""
    folder = raw / "dvc" / "ho_so"
    cells = f"Nguyễn {SYLLABLE};{NUMBERS[0]};{PHONES[0]}"
    (folder / "thieu cot.csv").write_text(
        f"Mã hồ sơ;Chủ hồ sơ;Số CCCD/CMND;Số điện thoại\nH02.03-250203-0001;{cells}\n", encoding="utf-8"
    )
    (folder / "cat ngang.xlsx").write_bytes(b"PK\x03\x04" + cells.encode() * 20)
    (folder / "bang ma la.csv").write_bytes(b"Ma ho so;Ch\x81\x8d\xff\n" + cells.encode("utf-16-be") + b"\x81\xfe\n")
    (folder / "het giua chung.json").write_text(f'[{{"MaHoSo": "H02.03", "ChuHoSo": "{cells}"', encoding="utf-8")


def artefacts(kho: Kho, temporary: Path) -> Iterator[Path]:
    for path in [*kho.paths.root.rglob("*"), *temporary.rglob("*")]:
        inside = path.is_relative_to(kho.paths.raw) or path == kho.paths.warehouse_file
        inside = inside or path.is_relative_to(kho.paths.working / "ban_sao_so_cai")  # names of sheets and files
        if path.is_file() and not inside:
            yield path


@pytest.fixture(scope="module")
def output(kho: Kho, tmp_path_factory: pytest.TempPathFactory) -> str:
    for contract in load_contracts().values():
        write_export(kho.paths.raw, contract)
        write_workbook(kho.paths.raw, contract)
    write_broken_files(kho.paths.raw)
    temporary = tmp_path_factory.mktemp("tam")
    done = kho("run", "--as-of", "2025-03-01", TMPDIR=str(temporary))
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    told = [kho("status"), kho("doctor"), kho("sql", "SELECT ma_ho_so::INT FROM tthc.ho_so")]
    told += [kho("quarantine", "list"), kho("quality", "docs", "--out", str(temporary / "trang.html"))]
    leaks = {path: marks for path in artefacts(kho, temporary) if (marks := found_in(path.read_bytes()))}
    assert leaks == {}
    return "\n".join([done.stdout, done.stderr, *(t.stdout + t.stderr for t in told)])


def test_the_markers_reached_the_working_warehouse(kho: Kho, output: str) -> None:
    """Otherwise the other tests prove nothing."""
    held = kho.paths.warehouse_file.read_bytes()
    assert SYLLABLE.encode() in held
    loaded = kho.sql("SELECT nguon_du_lieu, so_dong_nap, so_dong_cach_ly FROM van_hanh.tep WHERE trang_thai = 'da_nap'")
    assert len(loaded) == 2 * len(load_contracts())
    assert sum(row["so_dong_nap"] for row in loaded) > 0
    assert sum(row["so_dong_cach_ly"] for row in loaded) > 0


def test_what_is_searched_is_there(kho: Kho, output: str) -> None:
    """Quality page, results of Great Expectations, dbt's compiled SQL and Dagster's storage were among the files."""
    page = (kho.paths.marts / "tai_lieu" / "chat_luong.html").read_text(encoding="utf-8")
    assert 'lang="vi"' in page
    results = (kho.paths.working / "ket_qua_gx.json").read_text(encoding="utf-8")
    assert '"ma_quy_tac": "HS_DUNG_01"' in results
    assert list(kho.paths.dbt_target.rglob("*.sql"))
    assert not list(kho.paths.dbt_target.rglob("run_results.json"))  # it quotes failing values: never written
    assert list((kho.paths.operations / "dagster").rglob("*.db"))
    refused = kho.sql("SELECT count(*) AS n FROM van_hanh.tep WHERE trang_thai = 'tu_choi'")
    assert refused[0]["n"] == 4


def test_nothing_printed_holds_a_marker(output: str) -> None:
    assert found_in(output.encode()) == []


def test_no_published_table_holds_a_marker(kho: Kho, output: str) -> None:
    with duckdb.connect(str(kho.paths.marts_file), read_only=True) as connection:
        tables = connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        assert tables
        for schema, name in tables:
            rows = connection.execute(f'SELECT to_json(t) FROM "{schema}"."{name}" t').fetchall()
            assert found_in("\n".join(str(row[0]) for row in rows).encode()) == [], (schema, name)


def test_no_published_column_is_a_personal_field(kho: Kho, output: str) -> None:
    fields = [field for contract in load_contracts().values() for field in contract.fields]
    # The text of a task has the name of the text of a petition, which is private: a name that is only private tells.
    personal = {f.name for f in fields if f.sensitivity in PRIVATE} - {
        f.name for f in fields if f.sensitivity not in PRIVATE
    }
    columns = kho.sql("SELECT DISTINCT column_name FROM duckdb_columns() WHERE NOT internal")
    assert {c["column_name"] for c in columns} & personal == set()


def test_permissions_are_owner_only(kho: Kho, output: str) -> None:
    for top in (kho.paths.raw, kho.paths.working):
        for path in (top, *top.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0, path
    assert kho.paths.marts_file.stat().st_mode & 0o777 == 0o640
