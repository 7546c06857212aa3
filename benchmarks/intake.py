"""Speed and memory of the intake beside the bare reader of the same library, one process a measurement.

    python benchmarks/intake.py            # 100,000 rows of dvc/ho_so in each format
    python benchmarks/intake.py --rows 1000000 --formats csv parquet
    python benchmarks/intake.py --small 240   # so many csv files of 1,000 rows
    python benchmarks/intake.py --small 240 --same   # all with the same rows: the table does not grow

``bare`` reads the file into text columns in memory with the library that the intake uses; ``stored`` has the same
text written to a table of a DuckDB file, untyped and unchecked: what any load into a warehouse costs at least;
``cells`` is the intake's reader: the same text with its character set, header and layout told, blanks and composed
letters cleaned; ``typed`` has parsed it as well (types, code lists, faults); ``intake`` is all of it: hashes, states,
ledger, written to the warehouse on disk. CPU seconds are of all threads. Imports are not measured. Rows
are invented.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pipelines.intake.limits import Limits

FORMATS = ("csv", "jsonl", "parquet", "xlsx")
FEED = "dvc/ho_so"


def main() -> None:
    """Parse arguments; the parent measures through children, so that peaks of memory are each one's own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--small", type=int, default=0, help="measure so many small files instead")
    parser.add_argument("--same", action="store_true", help="with --small: every file holds the same rows")
    parser.add_argument("--child", nargs=3, metavar=("STEP", "FILE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _child(*options.child)
        return
    with tempfile.TemporaryDirectory(prefix="kho_do_toc_do_") as folder:
        if options.small:
            _measure_small(Path(folder), options.small, "write_same" if options.same else "write_small")
        else:
            _measure_all(Path(folder), options.rows, options.formats)


def _measure_all(folder: Path, rows: int, formats: list[str]) -> None:
    print(f"{rows:,} rows of {FEED}:\n")
    print("| format | step | seconds | CPU s | rows/s | peak MB | CPU × bare | CPU × stored |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for name in formats:
        file = folder / name / "raw" / FEED / f"ho_so.{name}"
        file.parent.mkdir(parents=True)
        # Written in a child: a parent that held the rows would lend its peak of memory to every measurement.
        subprocess.run([sys.executable, __file__, "--child", "write", str(file), str(rows)], check=True)
        base = stored = 0.0
        for step in ("bare", "stored", "cells", "typed", "intake"):
            out = subprocess.run(
                [sys.executable, __file__, "--child", step, str(file), str(folder / name)],
                check=True,
                capture_output=True,
                text=True,
            )
            result = json.loads(out.stdout.splitlines()[-1])
            cpu = result["cpu"]
            base = base or cpu
            stored = cpu if step == "stored" else stored
            print(
                f"| {name} | {step} | {result['seconds']:.2f} | {cpu:.2f} | {rows / result['seconds']:,.0f} "
                f"| {result['peak_mb']:,.0f} | {cpu / base:.1f} | " + (f"{cpu / stored:.1f} |" if stored else "|")
            )
        file.unlink()


def _measure_small(folder: Path, files: int, writer: str) -> None:
    """Seconds a file and peak memory of ``files`` small files: neither may grow with their number."""
    print(f"{'files':>6} {'ms a file':>10} {'CPU ms a file':>14} {'peak MB':>8}")
    for count in sorted({max(files // 16, 1), max(files // 4, 1), files}):
        place = folder / str(count)
        raw = place / "raw" / FEED
        raw.mkdir(parents=True)
        subprocess.run([sys.executable, __file__, "--child", writer, str(raw), str(count)], check=True)
        out = subprocess.run(
            [sys.executable, __file__, "--child", "intake", str(raw), str(place)],
            check=True,
            capture_output=True,
            text=True,
        )
        result = json.loads(out.stdout.splitlines()[-1])
        print(
            f"{count:6} {result['seconds'] / count * 1000:10.1f} {result['cpu'] / count * 1000:14.1f} "
            f"{result['peak_mb']:8.0f}"
        )


def _child(step: str, file: str, folder: str) -> None:
    if step == "write":
        _write(Path(file), Path(file).suffix[1:], int(folder))
        return
    if step in ("write_small", "write_same"):
        _write_small(Path(file), int(folder), same=step == "write_same")
        return
    run = {"bare": _bare, "stored": _stored, "cells": _cells, "typed": _typed, "intake": _intake}[step]
    _import_all()
    seconds, cpu, *reader = run(Path(file), Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + sum(reader) / 1e6
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak}))


def _clock() -> Callable[[], tuple[float, float]]:
    """Wall and CPU seconds since now; contracts are loaded before, once a run however many files there are."""
    wall, cpu = time.perf_counter(), time.process_time()
    return lambda: (time.perf_counter() - wall, time.process_time() - cpu)


def _import_all() -> None:
    import duckdb  # noqa: F401
    import fastexcel  # noqa: F401
    import polars as pl  # noqa: F401
    import pyarrow.dataset  # noqa: F401  # duckdb imports it with the first Arrow table it is given

    import pipelines.intake.run  # noqa: F401


def _stored(file: Path, folder: Path) -> tuple[float, float]:
    """The same text into a table of a DuckDB file by the same library's fastest way, committed and closed."""
    import duckdb
    import fastexcel

    place = folder / "tham_chieu.duckdb"
    clock = _clock()
    connection = duckdb.connect(str(place), config={"threads": "2"})
    if file.suffix == ".xlsx":
        cells = fastexcel.read_excel(file).load_sheet(0, header_row=None, dtypes="string").to_polars()
        connection.register("nguon", cells.to_arrow())
        source = "nguon"
    elif file.suffix == ".csv":
        source = f"read_csv('{file}', all_varchar = true, delim = ';', header = true)"
    elif file.suffix == ".parquet":
        source = f"read_parquet('{file}')"
    else:
        types = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in _columns(1)[0]) + "}"
        source = f"read_json('{file}', columns = {types}, format = 'newline_delimited')"
    connection.execute(f"CREATE TABLE t AS SELECT * FROM {source}")
    connection.close()
    seconds = clock()
    place.unlink()
    return seconds


def _bare(file: Path, _folder: Path) -> tuple[float, float]:
    import duckdb
    import fastexcel
    import polars as pl

    clock = _clock()
    if file.suffix == ".csv":
        height = pl.read_csv(file, infer_schema=False, separator=";").height
    elif file.suffix == ".parquet":
        height = pl.read_parquet(file).height
    elif file.suffix == ".xlsx":
        height = fastexcel.read_excel(file).load_sheet(0, header_row=None, dtypes="string").to_polars().height
    else:
        connection = duckdb.connect(":memory:", config={"threads": "2"})
        names = [name for name, _ in _columns(1)[0].items()]
        types = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in names) + "}"
        height = (
            connection.execute(f"SELECT * FROM read_json('{file}', columns={types}, format='newline_delimited')")
            .pl()
            .height
        )
    assert height
    return clock()


def _cells(file: Path, folder: Path) -> tuple[float, float]:
    return _typed(file, folder, parse=False)


def _typed(file: Path, _folder: Path, *, parse: bool = True) -> tuple[float, float]:
    from pipelines.contracts.loader import load_code_lists, load_contracts
    from pipelines.intake.headers.columns import HeaderIndex
    from pipelines.intake.laid_out.layout import Table, lay_out
    from pipelines.intake.limits import Limits
    from pipelines.intake.read.reading import read_sheets
    from pipelines.intake.typed.conform import conform

    lists = load_code_lists()
    contract = load_contracts(code_lists=lists)[FEED]
    clock = _clock()
    index = HeaderIndex(contract)
    for sheet in read_sheets(file, contract, index, _limits(Limits)):
        table = lay_out(sheet, contract, index, Limits())
        assert isinstance(table, Table)
        if parse:
            conform(table, contract, lists, b"khoa")
    return clock()


def _intake(_file: Path, folder: Path) -> tuple[float, float, float]:
    """Wall and CPU seconds, those of the process that reads included, and the bytes that one held."""
    from pipelines.config.paths import data_paths
    from pipelines.contracts.loader import load_code_lists, load_contracts
    from pipelines.intake.limits import Limits
    from pipelines.intake.run import ingest
    from pipelines.intake.worker.process import ReaderProcess
    from pipelines.warehouse.database import connect
    from pipelines.warehouse.schema import create_tables

    lists = load_code_lists()
    contracts = load_contracts(code_lists=lists)
    paths = data_paths(folder)
    paths.prepare()
    with connect(paths.warehouse_file, threads=2, memory_limit="4GB") as connection:
        create_tables(connection, contracts.values())
        limits = _limits(Limits)
        reader = ReaderProcess(contracts, lists, limits, paths.working)
        with tempfile.TemporaryFile() as file:
            # The process that reads is started before the clock, as imports are not measured.
            file.write("Mã hồ sơ;Mã đơn vị;Ngày tiếp nhận;Trạng thái\n1;H02;01/01/2024;4\n".encode())
            file.flush()
            reader.read(file, FEED, "a.csv")
        before = reader.cpu
        clock = _clock()
        report = ingest(
            paths,
            connection,
            contracts,
            lists,
            now=datetime(2026, 1, 1),
            run_number=1,
            limits=limits,
            reader=reader,
        )
        seconds, cpu = clock()
        reader.close()
    assert {item.status for item in report.files} == {"da_nap"}, report.files[0].reason
    return seconds, cpu + reader.cpu - before, reader.peak


def _limits(limits: Callable[..., Limits]) -> Limits:
    """A sheet of a million rows unpacks beyond the default limit."""
    return limits(member_bytes=4_000_000_000, total_unpacked_bytes=8_000_000_000, reader_memory_bytes=12_000_000_000)


def _columns(rows: int) -> list[dict[str, object]]:
    made = []
    for i in range(rows):
        day, hour, minute = 1 + i % 28, 7 + i % 9, i % 60
        made.append(
            {
                "Mã hồ sơ": f"H02.{i % 30:02d}-24{1 + i % 12:02d}{day:02d}-{i:06d}"[:26],
                "Mã TTHC": f"BG.T{i % 200:03d}",
                "Tên TTHC": f"Thủ tục đăng ký số {i % 200}",
                "Lĩnh vực": "Hành chính tư pháp",
                "Mã đơn vị": f"H02.{i % 30:02d}",
                "Đơn vị xử lý": f"Sở số {i % 30}",
                "Hình thức nộp": ("Trực tuyến", "Trực tiếp", "Bưu chính công ích")[i % 3],
                "Chủ hồ sơ": f"Người nộp thử nghiệm {i}",
                "Số CCCD/CMND": f"024{i % 4}{i % 100:02d}{i % 1_000_000:06d}",
                "Số điện thoại": f"09{i % 100_000_000:08d}",
                "Ngày tiếp nhận": f"{day:02d}/{1 + i % 12:02d}/2024 {hour:02d}:{minute:02d}",
                "Ngày hẹn trả": f"{day:02d}/{1 + i % 12:02d}/2025",
                "Ngày có kết quả": f"{day:02d}/{1 + i % 12:02d}/2024 {hour + 1:02d}:{minute:02d}" if i % 4 else None,
                "Ngày trả kết quả": f"{day:02d}/{1 + i % 12:02d}/2024 {hour + 2:02d}:{minute:02d}" if i % 5 else None,
                "Trạng thái": ("Đã trả kết quả", "Đang xử lý", "Đã xử lý xong")[i % 3],
                "Phí, lệ phí (đồng)": f"{i % 50}.000",
                "Thanh toán trực tuyến": ("Có", "Không")[i % 2],
                "Kết quả điện tử": ("Có", "Không")[i % 2],
                "Số hóa hồ sơ": ("Có", "Không")[i % 2],
                "Tái sử dụng dữ liệu": ("Có", "Không")[i % 2],
                "Lý do trả lại": None,
            }
        )
    return made


def _write(file: Path, name: str, rows: int) -> None:
    import polars as pl
    import xlsxwriter

    frame = pl.DataFrame(_columns(rows), infer_schema_length=None).cast(pl.String)
    if name == "csv":
        frame.write_csv(file, separator=";")
    elif name == "jsonl":
        frame.write_ndjson(file)
    elif name == "parquet":
        frame.write_parquet(file)
    else:
        book = xlsxwriter.Workbook(str(file), {"constant_memory": True})
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, frame.columns)
        for position, row in enumerate(frame.iter_rows(), start=1):
            sheet.write_row(position, 0, row)
        book.close()


def _write_small(folder: Path, files: int, *, same: bool) -> None:
    import polars as pl

    rows = pl.DataFrame(_columns(1000 if same else files * 1000), infer_schema_length=None).cast(pl.String)
    for i in range(files):
        text = rows.slice(0 if same else i * 1000, 1000).write_csv(separator=";")
        (folder / f"tep_{i:04d}.csv").write_text(f"{text}Ghi chú: tệp {i};;\n", encoding="utf-8")


if __name__ == "__main__":
    main()
