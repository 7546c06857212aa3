"""A province's first load beside bare DuckDB of the same work, part by part.

    python -m benchmarks.first_load                                    # three months, a fifth of a province's size
    python -m benchmarks.first_load --months 24 --dossiers 83400 --records 2000000

The bare work is: the cells of every csv and Parquet file as texts, and the typed rows written; this project's compiled
SQL of all models, one after another ("DuckDB trần"), or some marts without a rule of law ("viết tay"); one statement
that counts what all rules count; the published tables in an order and as Parquet. Nothing stands beside the linkage of
registers, workbooks, kept versions, pages and papers: low bounds. CPU seconds; without Dagster. Rows are invented.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks import nation, night
from benchmarks.quality import single_statement
from pipelines.job import Job, load_job
from pipelines.quality.flags import with_as_of
from pipelines.warehouse import dbt
from pipelines.warehouse.database import identifier, literal

HAND = """
CREATE TABLE khai_sinh AS SELECT * FROM kho.tho.ho_tich__khai_sinh
  QUALIFY row_number() OVER (PARTITION BY _khoa ORDER BY ngay_cap_nhat DESC) = 1;
CREATE TABLE dang_ky_thang AS
  SELECT date_trunc('month', ngay_dang_ky_tu) AS thang, noi_dang_ky, count(*) AS so FROM khai_sinh GROUP BY ALL;
CREATE TABLE hai_cong AS
  SELECT coalesce(h.ma_ho_so, q.ma_ho_so) AS ma_ho_so, h.trang_thai AS o_tinh, q.trang_thai AS o_cong
  FROM ho_so h FULL JOIN (SELECT * FROM kho.tho.dvcqg__ho_so
    QUALIFY row_number() OVER (PARTITION BY _khoa ORDER BY ngay_dong_bo DESC) = 1) q ON h.ma_ho_so = q.ma_ho_so;
CREATE TABLE giao_dich AS
  SELECT g.*, h.ma_don_vi, h.ma_tthc FROM kho.tho.dvc__thanh_toan g LEFT JOIN ho_so h USING (ma_ho_so);
"""
"""After the tables of dossiers by ``benchmarks.nation``."""


def main() -> None:
    given = night.sized(__doc__).parse_args()
    os.environ.setdefault("KHO_KHOA_BI_MAT", "b" * 64)
    with night.folder(given.data) as root, tempfile.TemporaryDirectory() as folder:
        job = load_job(root)
        costs = night.load(job, given.months, given.dossiers, given.records)
        bare = {name: _spent(part, job, Path(folder)) for name, part in PARTS.items()}
    _table({name: cost.seconds for name, cost in costs.items()}, bare)


def _spent(part: Callable[[Job, Path], Callable[[], object]], job: Job, folder: Path) -> float:
    """CPU seconds of a part, without what makes it ready."""
    work = part(job, folder)
    before = night.cpu()
    work()
    return night.cpu() - before


def _open(job: Job, file: Path, standing: str) -> duckdb.DuckDBPyConnection:
    """A new file with the product's limits, beside the warehouse as ``standing``."""
    limits = job.settings.gioi_han
    connection = duckdb.connect(str(file), config={"threads": limits.luong, "memory_limit": limits.bo_nho})
    connection.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
    connection.execute(f"ATTACH {literal(str(job.paths.warehouse_file))} AS {standing} (READ_ONLY)")
    return connection


def _intake(job: Job, folder: Path) -> Callable[[], object]:
    connection = _open(job, folder / "doc.duckdb", "kho")
    feeds = [row[0] for row in connection.execute(_TABLES, ["kho", "tho"]).fetchall()]

    def work() -> None:
        connection.execute("CREATE SCHEMA tho")
        for number, file in enumerate(sorted(job.paths.raw.rglob("*"))):
            if file.suffix == ".csv":
                source = f"read_csv({literal(str(file))}, header = false, all_varchar = true, ignore_errors = true)"
            elif file.suffix == ".parquet":
                source = f"(SELECT COLUMNS(*)::VARCHAR FROM read_parquet({literal(str(file))}))"
            else:
                continue
            connection.execute(f"CREATE TEMP TABLE doc_{number} AS FROM {source}")
            connection.execute(f"DROP TABLE doc_{number}")
        for feed in feeds:
            connection.execute(f"CREATE TABLE tho.{identifier(feed)} AS FROM kho.tho.{identifier(feed)}")
        connection.execute("CHECKPOINT")

    return work


_TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = ? ORDER BY 1"


def _own(job: Job, folder: Path) -> Callable[[], object]:
    """Compiled SQL calls the warehouse by its name, so the new file has it too."""
    connection = _open(job, folder / job.paths.warehouse_file.name, "dung_xong")
    models = nation.in_order(dbt.read_manifest(job.paths), lambda node: node["resource_type"] == "model")
    made = {(node["schema"], node["alias"]) for node in models}
    there = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'dung_xong'"
    ).fetchall()
    for schema, name in there:
        if (schema, name) not in made:
            place = f"{identifier(schema)}.{identifier(name)}"
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {identifier(schema)}")
            connection.execute(f"CREATE TABLE {place} AS FROM dung_xong.{place}")

    def work() -> None:
        for node in models:
            nation.run_compiled(connection, node, job.paths.dbt_target)
        connection.execute("CHECKPOINT")

    return work


def _hand(job: Job, folder: Path) -> Callable[[], object]:
    connection = _open(job, folder / "tay.duckdb", "kho")
    dossiers = nation.HAND.format(ho_so="kho.tho.dvc__ho_so", qua_trinh="kho.tho.dvc__qua_trinh")

    def work() -> None:
        for statement in (dossiers + HAND).split(";"):
            connection.execute(statement)
        connection.execute("CHECKPOINT")

    return work


def _rules(job: Job, folder: Path) -> Callable[[], object]:
    connection = _open(job, folder / "dem.duckdb", job.paths.warehouse_file.stem)
    connection.execute(f"USE {job.paths.warehouse_file.stem}")
    sql = with_as_of(single_statement(list(job.rules)), night.FIRST)
    return lambda: connection.execute(sql).fetchall()


def _publication(job: Job, folder: Path) -> Callable[[], object]:
    connection = _open(job, folder / "cong_bo.duckdb", "kho")
    connection.execute(f"ATTACH {literal(str(job.paths.marts_file))} AS dang_co (READ_ONLY)")
    tables = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'dang_co' ORDER BY 1, 2"
    ).fetchall()

    def work() -> None:
        for schema, name in tables:
            place = f"{identifier(schema)}.{identifier(name)}"
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {identifier(schema)}")
            connection.execute(f"CREATE TABLE {place} AS FROM dang_co.{place} ORDER BY 1")
            target = literal(str(folder / f"{schema}.{name}.parquet"))
            connection.execute(f"COPY {place} TO {target} (FORMAT parquet, COMPRESSION zstd)")
        connection.execute("CHECKPOINT")

    return work


PARTS = {"nạp": _intake, "dựng": _own, "dựng, viết tay": _hand, "kiểm tra": _rules, "công bố": _publication}


def _table(ours: dict[str, float], bare: dict[str, float]) -> None:
    """The parts as a Markdown table, and the ratios."""
    lines = ["| bước | lần nạp đầu | DuckDB trần | viết tay |", "|---|---|---|---|"]
    by_hand = {name: seconds for name, seconds in bare.items() if name != "dựng"}
    by_hand["dựng"] = by_hand.pop("dựng, viết tay")
    for name, seconds in ours.items():
        lines.append(f"| {name} | {seconds:.1f} | {_number(bare.get(name))} | {_number(by_hand.get(name))} |")
    total, hand = sum(ours.values()), sum(by_hand.values())
    own = hand - by_hand["dựng"] + bare["dựng"]
    lines += [
        f"| **cộng** | **{total:.1f}** | **{own:.1f}** | **{hand:.1f}** |",
        "",
        f"lần nạp đầu / DuckDB trần {total / own:.2f}; / viết tay {total / hand:.2f}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _number(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f}"


if __name__ == "__main__":
    main()
