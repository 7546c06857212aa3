"""How long one million cells of each kind take to parse: ``python benchmarks/values.py [rows]``."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import polars as pl

from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.intake.values.parse import parse_column

START = datetime(2020, 1, 1)


def _moment(source: random.Random) -> datetime:
    return START + timedelta(minutes=source.randrange(2_000_000))


def _dossier(source: random.Random) -> str:
    return f"000.00.{source.randint(10, 60)}.H02-240614-{source.randint(1000, 999_999)}"


CASES: list[tuple[str, str, str, Callable[[random.Random], str]]] = [
    ("dd/mm/yyyy HH:MM", "dvc/ho_so", "ngay_tiep_nhan", lambda r: f"{_moment(r):%d/%m/%Y %H:%M}"),
    ("ISO", "dvc/ho_so", "ngay_tiep_nhan", lambda r: f"{_moment(r):%Y-%m-%dT%H:%M:%S}"),
    ("ISO, zone", "dvc/ho_so", "ngay_tiep_nhan", lambda r: f"{_moment(r):%Y-%m-%dT%H:%M:%SZ}"),
    ("yyyymmddHHMMSS", "dvc/ho_so", "ngay_tiep_nhan", lambda r: f"{_moment(r):%Y%m%d%H%M%S}"),
    ("serial", "dvc/ho_so", "ngay_tiep_nhan", lambda r: f"{44000 + r.random() * 2000:.4f}"),
    ("12-hour clock", "dvc/ho_so", "ngay_tiep_nhan", lambda r: f"{_moment(r):%d/%m/%Y %I:%M} {r.choice(['SA', 'CH'])}"),
    ("partial date", "ho_tich/khai_sinh", "nks_ngay_sinh", lambda r: f"{_moment(r):%d.%m.%Y}"),
    ("dossier code", "dvc/ho_so", "ma_ho_so", _dossier),
    ("identity number", "dvc/ho_so", "so_dinh_danh", lambda r: f"0{r.randint(10**10, 10**11 - 1)}"),
    ("name", "dvc/ho_so", "chu_ho_so", lambda r: f"Nguyễn Văn {r.randint(1, 10**6)}"),
    ("code list", "dvc/ho_so", "trang_thai", lambda r: r.choice(["Đã trả kết quả", "Đang xử lý", "1", "10"])),
    ("money", "dvc/ho_so", "phi_le_phi", lambda r: f"{r.randint(1, 900)}.000"),
    ("boolean", "dvc/ho_so", "ket_qua_dien_tu", lambda r: r.choice(["Có", "Không"])),
]  # fmt: skip


def main(rows: int) -> None:
    """Print seconds a kind; every cell must be read."""
    lists = load_code_lists()
    contracts = load_contracts(code_lists=lists)
    source = random.Random(6)  # noqa: S311
    for name, feed, field_name, make in CASES:
        field = contracts[feed].by_name[field_name]
        column = pl.Series([make(source) for _ in range(rows)], dtype=pl.String)
        started = time.perf_counter()
        parsed = parse_column(column, field, feed=feed, code_list=lists.get(field.code_list or ""), secret=b"khoa")
        seconds = time.perf_counter() - started
        unread = parsed.columns[field_name].null_count()
        assert unread == 0, name
        print(f"{name:<18}{rows:>10} rows{seconds:>8.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
