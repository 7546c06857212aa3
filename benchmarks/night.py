"""A first load, a night of what changed and a night of nothing new, step by step, beside bare SQL of the same work.

    python -m benchmarks.night                                   # a province's three months, a fifth of its size
    python -m benchmarks.night --months 24 --dossiers 83400 --records 2000000
    python -m benchmarks.night --data FOLDER                         # one that is loaded already: only the nights

The night brings 3,000 dossiers (two thirds new, one third moved on), 4,970 steps and 500 births. ``bare`` reads the
same files with DuckDB alone, replaces the changed keys in tables of the same rows, adds up the touched months and
writes again what is published of them: a low bound, since it knows no rule of law. CPU seconds of this process and its
children, and the largest memory of this process in each step (Linux); without Dagster. Rows are invented.
"""

from __future__ import annotations

import argparse
import importlib
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines import nightly, publishing, standing, turn
from pipelines.job import Job, load_job
from pipelines.sample import large
from pipelines.warehouse.journal import RunState

FIRST = date(2025, 12, 30)
STEPS = ("chuẩn bị", "nạp", "liên kết", "dựng", "kiểm tra", "công bố")
NEW, MOVED, STEP_ROWS, BIRTHS = 2000, 1000, 4970, 500


def main() -> None:
    options = sized(__doc__).parse_args()
    with folder(options.data) as root:
        os.environ.setdefault("KHO_KHOA_BI_MAT", "b" * 64)
        job = load_job(root)
        columns: dict[str, dict[str, Cost]] = {}
        if not job.paths.warehouse_file.exists():
            columns["lần nạp đầu"] = load(job, options.months, options.dossiers, options.records)
        as_of, rows, files = next_day(job)
        columns["đêm có thay đổi"] = night(job, as_of)
        columns["đêm không có gì mới"] = night(job, as_of)
        table(columns, bare(job, files, as_of), rows)


def sized(about: str | None) -> argparse.ArgumentParser:
    """Options of a benchmark of a province: how large, and in which folder."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--months", type=int, default=3)
    parser.add_argument("--dossiers", type=int, default=40_000, help="a month")
    parser.add_argument("--records", type=int, default=200_000, help="of the registers")
    parser.add_argument("--data", type=Path, help="a folder to use and keep")
    return parser


def load(job: Job, months: int, dossiers: int, records: int) -> dict[str, Cost]:
    """A sample of that size and its first night."""
    _generate(job, months, dossiers, records)
    return night(job, FIRST)


def next_day(job: Job) -> tuple[date, int, dict[str, Path]]:
    """The day after the last night, the dossiers stored, and its exports, old enough to be taken."""
    with job.warehouse() as connection:
        as_of = connection.execute("SELECT ngay FROM so_cai.dung").fetchall()[0][0] + timedelta(days=1)
        rows = connection.execute("SELECT count(*) FROM tho.dvc__ho_so").fetchall()[0][0]
        files = write_delta(connection, job.paths.raw, as_of)
    time.sleep(job.settings.gioi_han.dung_yen_giay + 0.5)
    return as_of, int(rows), files


@contextmanager
def folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


def _generate(job: Job, months: int, dossiers: int, records: int) -> None:
    generate: Any = importlib.import_module("pipelines.sample.generate")
    generate.PROVINCE = large.Scale(months, dossiers, records, only_parquet=False)
    job.paths.prepare()
    generate.generate(job.paths, size="province", months=months)


def cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


@dataclass(frozen=True)
class Cost:
    """CPU seconds of a step and the largest resident memory of this process while it ran, in MB."""

    seconds: float
    peak: int


def forget_peak() -> None:
    """Let the kernel count this process's largest memory from here."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> int:
    """Largest resident memory since ``forget_peak``, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) // 1024


def night(job: Job, as_of: date, on_step: Callable[[str], Any] = str) -> dict[str, Cost]:
    """What each step costs; ``on_step`` is told the name of each when it begins."""
    spent: dict[str, Cost] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        on_step(name)
        forget_peak()
        before = cpu()
        result = work()
        spent[name] = Cost(cpu() - before, peak())
        return result

    turn.begin(job.paths, as_of, "benchmarks.night", foreground=True)
    run = step(STEPS[0], lambda: nightly.prepare(job, as_of))
    step(STEPS[1], lambda: nightly.ingest(job, run))
    step(STEPS[2], lambda: nightly.link_or_hold(job, run))
    step(STEPS[3], lambda: nightly.build(job, run))
    verdict = step(STEPS[4], lambda: nightly.check(job, run))
    # As the night does it: nothing is written where all that would be published stands.
    step(
        STEPS[5],
        lambda: standing.find(job, run, verdict.version, verdict.decisions) or publishing.publish(job, run, verdict),
    )
    turn.end(job.paths, RunState.DONE, reason=None)
    return spent


def write_delta(connection: duckdb.DuckDBPyConnection, raw: Path, as_of: date) -> dict[str, Path]:
    """Exports of one day made of rows that are there: new codes, states moved on, steps, births under new numbers."""
    stamp = f"{as_of:%Y%m%d}"
    wanted = {
        "dvc/ho_so": f"""
            (SELECT ma_ho_so || 'N{stamp[-2:]}' AS ma_ho_so, ma_tthc, ten_tthc, linh_vuc, ma_don_vi, ten_don_vi, kenh,
                DATE '{as_of}' + INTERVAL 9 HOUR AS ngay_tiep_nhan, DATE '{as_of}' + INTERVAL 10 DAY AS ngay_hen_tra,
                CAST(NULL AS TIMESTAMP) AS ngay_ket_thuc, 'dang_xu_ly' AS trang_thai, phi_le_phi, ket_qua_dien_tu
            FROM stg.stg_dvc__ho_so ORDER BY md5(ma_ho_so || '{stamp}') LIMIT {NEW})
            UNION ALL
            (SELECT ma_ho_so, ma_tthc, ten_tthc, linh_vuc, ma_don_vi, ten_don_vi, kenh, ngay_tiep_nhan, ngay_hen_tra,
                DATE '{as_of}' + INTERVAL 10 HOUR, 'da_tra_ket_qua', phi_le_phi, ket_qua_dien_tu
            FROM stg.stg_dvc__ho_so WHERE trang_thai NOT IN ('da_tra_ket_qua', 'cong_dan_rut', 'dung_xu_ly')
            ORDER BY ngay_tiep_nhan DESC, md5(ma_ho_so || '{stamp}') LIMIT {MOVED})""",
        "dvc/qua_trinh": f"""
            SELECT ma_ho_so, DATE '{as_of}' + INTERVAL 11 HOUR + to_minutes(n) AS thoi_diem,
                CASE n WHEN 0 THEN 'dang_xu_ly' ELSE 'da_xu_ly_xong' END AS trang_thai, ma_don_vi
            FROM (SELECT ma_ho_so, ma_don_vi FROM stg.stg_dvc__ho_so ORDER BY ngay_tiep_nhan DESC, ma_ho_so
                LIMIT {STEP_ROWS // 2}), (VALUES (0), (1)) v (n)""",
        "ho_tich/khai_sinh": f"""
            SELECT '9' || so || '{stamp[-2:]}' AS so, quyen_so, DATE '{as_of}' AS ngay_dang_ky, loai_dang_ky,
                noi_dang_ky, nguon, 'da_duyet' AS trang_thai, nks_ho_ten, nks_gioi_tinh,
                DATE '{as_of}' - 1 - CAST(hash(_khoa) % 60 AS INTEGER) AS nks_ngay_sinh, me_ho_ten, cha_ho_ten
            FROM stg.stg_ho_tich__khai_sinh WHERE so IS NOT NULL ORDER BY md5(_khoa || '{stamp}') LIMIT {BIRTHS}""",
    }
    files = {}
    for feed, query in wanted.items():
        files[feed] = raw / feed / f"dem_{stamp}.csv"
        files[feed].parent.mkdir(parents=True, exist_ok=True)
        connection.execute(f"COPY ({query}) TO '{files[feed]}' (HEADER)")
    return files


def bare(job: Job, files: dict[str, Path], as_of: date) -> dict[str, float]:
    """CPU seconds of DuckDB alone for the same delta: read, replace by key, months, rules of the delta, write again."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tran.duckdb"
        with duckdb.connect(str(file), config={"threads": job.settings.gioi_han.luong}) as connection:
            connection.execute(f"ATTACH '{job.paths.warehouse_file}' AS kho_lam_viec (READ_ONLY)")
            for name, source in _TABLES.items():
                connection.execute(f"CREATE TABLE {name} AS SELECT * FROM kho_lam_viec.{source}")
            connection.execute(f"CREATE TABLE thang AS {_MONTHS.format(where='true')}")
            connection.execute("CHECKPOINT")
            before = cpu()
            _bare_delta(connection, files, as_of)
            after = cpu()
            _bare_publication(connection, Path(folder))
            return {"đêm có thay đổi": after - before, "công bố lại": cpu() - after}


_TABLES = {"ho_so": "tthc.ho_so", "buoc": "stg.stg_dvc__qua_trinh", "khai_sinh": "ho_tich.dang_ky"}
_MONTHS = (
    "SELECT date_trunc('month', ngay_tiep_nhan) AS thang, ma_don_vi, ma_tthc, count(*) AS tiep_nhan, "
    "count(*) FILTER (ket_qua_han = 'qua_han') AS qua_han FROM ho_so WHERE {where} GROUP BY ALL"
)


def _bare_delta(connection: duckdb.DuckDBPyConnection, files: dict[str, Path], as_of: date) -> None:
    execute = connection.execute
    execute(f"CREATE TEMP TABLE moi AS FROM read_csv('{files['dvc/ho_so']}')")
    execute("CREATE TEMP TABLE cu AS SELECT * FROM ho_so WHERE ma_ho_so IN (SELECT ma_ho_so FROM moi)")
    execute("DELETE FROM ho_so WHERE ma_ho_so IN (SELECT ma_ho_so FROM moi)")
    execute(
        "INSERT INTO ho_so BY NAME SELECT ma_ho_so, ma_tthc, ma_don_vi, kenh, ngay_tiep_nhan, ngay_hen_tra, "
        f"ngay_ket_thuc, trang_thai, CASE WHEN ngay_ket_thuc > ngay_hen_tra THEN 'qua_han' END AS ket_qua_han, "
        f"DATE '{as_of}' AS ngay_so_lieu FROM moi"
    )
    execute(f"INSERT INTO buoc BY NAME SELECT * FROM read_csv('{files['dvc/qua_trinh']}')")
    execute(
        "INSERT INTO khai_sinh BY NAME SELECT md5(so) AS ma_ban_ghi, noi_dang_ky AS ma_don_vi, ngay_dang_ky "
        f"FROM read_csv('{files['ho_tich/khai_sinh']}', all_varchar = true)"
    )
    touched = "SELECT date_trunc('month', CAST(ngay_tiep_nhan AS TIMESTAMP)) FROM"
    where = f"date_trunc('month', ngay_tiep_nhan) IN ({touched} moi UNION {touched} cu)"
    execute(f"DELETE FROM thang WHERE thang IN ({touched} moi UNION {touched} cu)")
    execute(f"INSERT INTO thang {_MONTHS.format(where=where)}")
    execute(
        "SELECT count(*) FILTER (ngay_ket_thuc < ngay_tiep_nhan), count(*) FILTER (ma_don_vi IS NULL), "
        "count(*) FILTER (kenh IS NULL) FROM moi"
    ).fetchall()
    execute("CHECKPOINT")


def _bare_publication(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.execute(f"ATTACH '{folder / 'cong_bo.duckdb'}' AS cong_bo")
    for name in ("ho_so", "khai_sinh", "thang"):
        connection.execute(f"CREATE TABLE cong_bo.{name} AS FROM {name} ORDER BY 1")
        connection.execute(f"COPY cong_bo.{name} TO '{folder / name}.parquet' (FORMAT parquet, COMPRESSION zstd)")
    connection.execute("CHECKPOINT cong_bo")


def table(columns: dict[str, dict[str, Cost]], of_bare: dict[str, float], dossiers: int) -> None:
    """What was measured as a Markdown table."""
    heads = list(columns)
    lines = [
        f"{dossiers:,} hồ sơ đã có; giây CPU (MB bộ nhớ lớn nhất trong bước)",
        "",
        "| bước | " + " | ".join(heads) + " |",
        "|---|" + "---|" * len(heads),
    ]
    for name in STEPS:
        costs = [columns[head][name] for head in heads]
        lines.append(f"| {name} | " + " | ".join(f"{cost.seconds:.1f} ({cost.peak})" for cost in costs) + " |")
    totals = [list(columns[head].values()) for head in heads]
    lines.append("| **cộng** | " + " | ".join(f"**{sum(c.seconds for c in t):.1f}**" for t in totals) + " |")
    lines += ["", *(f"DuckDB trần, {name}: {seconds:.1f}" for name, seconds in of_bare.items())]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
