"""Speed and memory of the intake beside the bare reader of the same library, one process a measurement.

    python benchmarks/intake.py            # 100,000 rows of dvc/ho_so in each format
    python benchmarks/intake.py --rows 1000000 --formats csv parquet

``bare`` reads the file into text columns with the library that the intake uses; ``read`` is the intake's
reading and parsing (characters, header, types, faults); ``intake`` is all of it: hashes, states, ledger,
written to the warehouse on disk. Rows are invented.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

FORMATS = ("csv", "jsonl", "parquet", "xlsx")
FEED = "dvc/ho_so"


def main() -> None:
    """Parse arguments; the parent measures through children, so that peaks of memory are each one's own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--child", nargs=3, metavar=("STEP", "FILE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _child(*options.child)
        return
    with tempfile.TemporaryDirectory(prefix="kho_do_toc_do_") as folder:
        _measure_all(Path(folder), options.rows, options.formats)


def _measure_all(folder: Path, rows: int, formats: list[str]) -> None:
    print(f"{rows} rows, {FEED}")
    print(f"{'format':8} {'MB':>7} {'step':8} {'seconds':>8} {'rows/s':>10} {'peak MB':>8} {'x bare':>7}")
    for name in formats:
        file = folder / name / "raw" / FEED / f"ho_so.{name}"
        file.parent.mkdir(parents=True)
        # Written in a child: a parent that held the rows would lend its peak of memory to every measurement.
        subprocess.run([sys.executable, __file__, "--child", "write", str(file), str(rows)], check=True)
        base = 0.0
        for step in ("bare", "read", "intake"):
            out = subprocess.run(
                [sys.executable, __file__, "--child", step, str(file), str(folder / name)],
                check=True,
                capture_output=True,
                text=True,
            )
            result = json.loads(out.stdout.splitlines()[-1])
            seconds = result["seconds"]
            base = base or seconds
            print(
                f"{name:8} {file.stat().st_size / 1e6:7.1f} {step:8} {seconds:8.2f} {rows / seconds:10,.0f} "
                f"{result['peak_mb']:8.0f} {seconds / base:7.2f}"
            )
        file.unlink()


def _child(step: str, file: str, folder: str) -> None:
    if step == "write":
        _write(Path(file), Path(file).suffix[1:], int(folder))
        return
    run = {"bare": _bare, "read": _read, "intake": _intake}[step]
    seconds = run(Path(file), Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


def _bare(file: Path, _folder: Path) -> float:
    import duckdb
    import fastexcel
    import polars as pl

    started = time.perf_counter()
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
    return time.perf_counter() - started


def _read(file: Path, _folder: Path) -> float:
    from pipelines.contracts.loader import load_code_lists, load_contracts
    from pipelines.intake.columns import HeaderIndex
    from pipelines.intake.conform import conform
    from pipelines.intake.layout import Table, lay_out
    from pipelines.intake.limits import Limits
    from pipelines.intake.reading import read_sheets

    lists = load_code_lists()
    contract = load_contracts(code_lists=lists)[FEED]
    started = time.perf_counter()
    index = HeaderIndex(contract)
    for sheet in read_sheets(file, contract, index, _limits(Limits)):
        table = lay_out(sheet, contract, index, Limits())
        assert isinstance(table, Table)
        conform(table, contract, lists, b"khoa")
    return time.perf_counter() - started


def _intake(_file: Path, folder: Path) -> float:
    from pipelines.config.paths import data_paths
    from pipelines.contracts.loader import load_code_lists, load_contracts
    from pipelines.intake.limits import Limits
    from pipelines.intake.run import ingest
    from pipelines.warehouse.database import connect
    from pipelines.warehouse.schema import create_tables

    lists = load_code_lists()
    contracts = load_contracts(code_lists=lists)
    paths = data_paths(folder)
    paths.prepare()
    with connect(paths.warehouse_file, threads=2, memory_limit="4GB") as connection:
        create_tables(connection, contracts.values())
        started = time.perf_counter()
        report = ingest(
            paths, connection, contracts, lists, now=datetime(2026, 1, 1), run_number=1, limits=_limits(Limits)
        )
        seconds = time.perf_counter() - started
    assert report.files[0].status == "da_nap", report.files[0].reason
    return seconds


def _limits(limits: type) -> object:
    """A sheet of a million rows unpacks beyond the default limit."""
    return limits(member_bytes=4_000_000_000, total_unpacked_bytes=8_000_000_000)


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


if __name__ == "__main__":
    main()
