"""Hostile files, each made here and taken in by itself: seconds, peak of memory, what became of it.

    python benchmarks/hostile.py                 # all
    python benchmarks/hostile.py --only parquet  # those whose name holds the word

The peak is that of the whole tree of processes (resident pages, shared ones counted in each), sampled every 10 ms,
and has to stay below ``gioi_han.bo_nho``. The last line tells whether it did.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

FEED = "dvc/ho_so"
_SECONDS = 60
"""Of the processor, in place of ``gioi_han.giay_doc``: what is stopped by time would only take longer."""
_BESIDE = 1_500_000_000
"""What the program may hold beside ``bo_nho``, as ``orchestration.yaml`` says."""
HEADER = "Mã hồ sơ;Mã đơn vị;Ngày tiếp nhận;Trạng thái\n"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def main() -> None:
    """Make and measure every file; ends with 1 where a peak is beyond the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--child", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _child(Path(options.child))
        return
    from pipelines.job import load_job

    bound = load_job().settings.gioi_han.bo_nho
    most = int(bound[:-2]) * {"MB": 10**6, "GB": 10**9}[bound[-2:]] + _BESIDE
    print("| file | bytes | seconds | peak MB | outcome |\n|---|---:|---:|---:|---|")
    worst = 0
    for name, make in FILES.items():
        if options.only in name:
            worst = max(worst, _measure(name, make))
    print(
        f"\nhighest peak {worst / 1e6:,.0f} MB of {most / 1e6:,.0f} MB allowed: {'ok' if worst < most else 'TOO HIGH'}"
    )
    sys.exit(worst >= most)


def _measure(name: str, make: Callable[[Path], None]) -> int:
    with tempfile.TemporaryDirectory(prefix="kho_doc_hai_") as place:
        file = Path(place) / "raw" / FEED / name.replace(" ", "_")
        file.parent.mkdir(parents=True)
        made = os.fork()
        if made == 0:  # a parent that made it would lend its memory to the next
            make(file)
            os._exit(0)
        os.waitpid(made, 0)
        size = file.stat().st_size
        started = time.monotonic()
        environment = {**os.environ, "KHO_KHOA_BI_MAT": "khoa-thu-nghiem-du-dai-de-do-bo-nho-0001"}
        with subprocess.Popen(
            [sys.executable, __file__, "--child", place], stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            peak = 0
            while process.poll() is None:
                peak = max(peak, _tree(process.pid))
                time.sleep(0.01)
            said = process.stdout.read() if process.stdout else ""
        seconds = time.monotonic() - started
    lines = said.splitlines()
    outcome = lines[-1] if lines else f"DIED ({process.returncode})"
    print(f"| {name} | {size:,} | {seconds:.1f} | {peak / 1e6:,.0f} | {outcome} |", flush=True)
    return peak


def _tree(pid: int) -> int:
    """Resident bytes of a process and all below it."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * resource.getpagesize()
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, IndexError, ValueError):
            continue
    return total


def _child(place: Path) -> None:
    """The first two steps of a night."""
    from pipelines.job import load_job
    from pipelines.nightly import ingest, prepare

    job = load_job(place)
    bounds = job.settings.gioi_han.model_copy(update={"giay_doc": _SECONDS})
    job = replace(job, settings=job.settings.model_copy(update={"gioi_han": bounds}))
    item = ingest(job, prepare(job, date(2026, 1, 1))).files[0]
    print(f"{item.status}, {item.counts.read} rows" if item.reason is None else f"{item.status}: {item.reason[:90]}")


def _parquet(rows: int, columns: int, text: int) -> Callable[[Path], None]:
    """Columns of one long text, kept once in a dictionary."""

    def make(file: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        names = ["Mã hồ sơ", "Mã đơn vị", "Ngày tiếp nhận", "Trạng thái", *(f"x{i}" for i in range(columns - 4))]
        column = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * text]))
        pq.write_table(pa.table(dict.fromkeys(names, column)), file, compression="zstd")

    return make


def _csv(line: str, lines: int, head: str = HEADER) -> Callable[[Path], None]:
    def make(file: Path) -> None:
        with file.open("w", encoding="utf-8") as handle:
            handle.write(head)
            for _ in range(lines // 1000):
                handle.write(line * 1000)

    return make


def _bytes(content: Callable[[], bytes]) -> Callable[[Path], None]:
    return lambda file: (file.write_bytes(content()), None)[1]


def _workbook(sheet: Callable[[], bytes], folder: str = "xl/worksheets/", level: int = 9) -> Callable[[Path], None]:
    def make(file: Path) -> None:
        kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        package = "http://schemas.openxmlformats.org/package/2006"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
            archive.writestr(
                "[Content_Types].xml",
                f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="a/b"/></Types>',
            )
            archive.writestr(
                "_rels/.rels",
                f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{kinds}/officeDocument" '
                'Target="xl/workbook.xml"/></Relationships>',
            )
            archive.writestr(
                "xl/workbook.xml",
                f'<workbook {MAIN} xmlns:r="{kinds}"><sheets><sheet name="T" sheetId="1" r:id="a"/></sheets>'
                "</workbook>",
            )
            archive.writestr(
                "xl/_rels/workbook.xml.rels",
                f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" Type="{kinds}/worksheet" '
                f'Target="/{folder.replace(chr(92), "/")}sheet1.xml"/></Relationships>',
            )
            archive.writestr(folder + "sheet1.xml", sheet())

    return make


def _cell(place: str, text: str = "x") -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def _far() -> bytes:
    rows = f'<row r="1">{_cell("A1")}</row><row r="1048576">{_cell("XFD1048576")}</row>'
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()


def _dense(rows: int, columns: int) -> bytes:
    """Number cells without a reference: the shortest way to many of them."""
    row = "<row>" + "<c><v>1</v></c>" * columns + "</row>"
    return f"<worksheet {MAIN}><sheetData>{row * rows}</sheetData></worksheet>".encode()


def _diagonal() -> bytes:
    """A cell a row, each a column further: nothing but the used rectangle is large."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    rows = "".join(f'<row r="{i + 1}">{_cell(xl_rowcol_to_cell(i, i % 16000))}</row>' for i in range(16_000))
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _many_in_zip() -> bytes:
    return _zip(
        {
            f"t{i}.csv": (HEADER + f"H02.28-24061{i % 10}-0001;H02.28;01/06/2024;4\n" * 400_000).encode()
            for i in range(40)
        }
    )


def _ods() -> bytes:
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    cell = '<table:table-cell table:number-columns-repeated="400"><text:p>x</text:p></table:table-cell>'
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table>"
        f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()})


def _sheet_xml(rows: str) -> bytes:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="T"><Table>{rows}'
        "</Table></Worksheet></Workbook>"
    ).encode()


def _laughs() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    head = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    return f"{head}<!DOCTYPE w [{entities}]><Workbook>&a11;</Workbook>".encode()


def _xls() -> bytes:
    import xlwt

    book = xlwt.Workbook()
    sheet: Any = book.add_sheet("T")
    for row in range(0, 65_536, 7):
        sheet.write(row, 255, "x")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


FILES: dict[str, Callable[[Path], None]] = {
    "parquet dictionary.parquet": _parquet(100_000, 60, 1_100),
    "parquet long dictionary.parquet": _parquet(2_000_000, 20, 1_000_000),
    "csv open quote.csv": _csv('H02.28-240611-0001;"H02.28;01/06/2024;4\n', 1_400_000),
    "csv one open quote.csv": _csv(
        "H02.28-240611-0001;H02.28;01/06/2024;4\n", 1_400_000, HEADER + 'H02.28-240611-0002;"H02.28;01/06/2024;4\n'
    ),
    "csv one line.csv": _bytes(lambda: b"x" * 300_000_000),
    "csv of delimiters.csv": _bytes(lambda: (HEADER + ";" * 400 + "\n").encode() + b";" * 200_000_000),
    "csv headless.csv": _csv("a;b;c;d;e;f;g;h\n", 5_000_000, ""),
    "csv short rows.csv": _csv("1;2;3;4\n", 6_000_000),
    "json deep.json": _bytes(lambda: b'[{"a":' * 5_000_000),
    "json wide.json": _bytes(lambda: json.dumps([{f"k{i}": 1 for i in range(400_000)}]).encode()),
    "json many keys.jsonl": _bytes(lambda: "\n".join(json.dumps({f"k{i}": i}) for i in range(300_000)).encode()),
    "xlsx far cell.xlsx": _workbook(_far),
    "xlsx far cell elsewhere.xlsx": _workbook(_far, folder="X\\y\\"),
    "xlsx diagonal.xlsx": _workbook(_diagonal),
    "xlsx dense.xlsx": _workbook(lambda: _dense(36_000, 450), level=0),
    "xlsx bomb.xlsx": _workbook(lambda: b"<worksheet>" + b" " * 2_000_000_000),
    "zip bomb.zip": _bytes(lambda: _zip({"a.csv": b"x;" * 1_000_000_000})),
    "zip of many.zip": _bytes(_many_in_zip),
    "zip in zip.zip": _bytes(lambda: _zip({"a.zip": _zip({"b.zip": _zip({"c.csv": HEADER.encode()})})})),
    "ods repeated.ods": _bytes(_ods),
    "spreadsheetml far.xml": _bytes(
        lambda: _sheet_xml('<Row ss:Index="1000000"><Cell ss:Index="450"><Data ss:Type="String">x</Data></Cell></Row>')
    ),
    "spreadsheetml entities.xml": _bytes(_laughs),
    "spreadsheetml many.xml": _bytes(
        lambda: _sheet_xml('<Row><Cell><Data ss:Type="Number">1</Data></Cell></Row>' * 3_000_000)
    ),
    "html spans.xls": _bytes(
        lambda: b"<table>" + b"<tr><td rowspan=65534 colspan=400>x</td></tr>" * 400_000 + b"</table>"
    ),
    "html nested.xls": _bytes(lambda: b"<table><tr><td>" * 2_000_000),
    "html open tags.xls": _bytes(lambda: b"<table><tr>" + b"<td" * 20_000_000),
    "xls wide.xls": _bytes(_xls),
}

if __name__ == "__main__":
    main()
