"""The same night as a usual team builds it, for a comparison of cost: pandas, GX on pandas, dbt whole, many processes.

    python -m benchmarks.usual_team                  # ours first (benchmarks.night), then the usual way
    python -m benchmarks.usual_team --data FOLDER    # over a folder that benchmarks.night has left

What "usual" means here, so that nobody has to guess: every export of a feed is read again each night with pandas and
duplicates of a key are dropped; dbt builds this project's own models whole, each of its tests a query; every published
table is loaded into pandas and Great Expectations asks it one expectation a column; tables are written with pandas;
each step is an op of Dagster's multiprocess executor, so it starts a process that imports what it needs. It knows none
of the rules of law, keeps no states and holds nothing back: a low bound of what a team would need. CPU seconds by step.
"""

from __future__ import annotations

import argparse
import importlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from pipelines.config.paths import DataPaths

FEEDS = {
    "dvc/ho_so": "ma_ho_so",
    "dvc/qua_trinh": "",
    "ho_tich/khai_sinh": "",
    "ho_tich/khai_tu": "",
    "ho_tich/ket_hon": "",
}
"""Feeds of the sample, and the key whose last row counts; empty: whole rows that repeat are dropped."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="folder of benchmarks.night; without one, that is run first")
    given = options.parse_args().data
    with tempfile.TemporaryDirectory() as folder:
        source = DataPaths((given or Path(folder) / "cua_minh").resolve())
        if given is None:
            night = Path(__file__).with_name("night.py")
            subprocess.run([sys.executable, night, "--data", str(source.root)], check=True)
        os.environ["KHO_SO_SANH"], os.environ["KHO_SO_SANH_NGUON"] = folder, str(source.root)
        copy = DataPaths(Path(folder) / "kho")
        copy.prepare()
        shutil.copyfile(source.warehouse_file, copy.warehouse_file)
        before = _cpu()
        with dg.DagsterInstance.local_temp(folder) as instance:
            done = dg.execute_job(
                dg.reconstructable(usual_night),
                instance=instance,
                raise_on_error=True,
                run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}},
            )
            spent = _by_step(done.all_events)
        whole = _cpu() - before
    lines = ["| bước | giây CPU |", "|---|---|"]
    lines += [f"| {name} | {seconds:.1f} |" for name, seconds in spent.items()]
    lines += [
        f"| khởi động các tiến trình và Dagster | {whole - sum(spent.values()):.1f} |",
        f"| **cộng** | **{whole:.1f}** |",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in used)


def _by_step(events: Sequence[dg.DagsterEvent]) -> dict[str, float]:
    """CPU seconds each op told of its own work, added up by what it did."""
    spent: dict[str, float] = {}
    for event in events:
        if event.event_type_value == "STEP_OUTPUT":
            metadata = event.step_output_data.metadata
            name = str(metadata["viec"].value)
            spent[name] = spent.get(name, 0.0) + float(str(metadata["cpu"].value))
    return spent


def _told(name: str, before: float) -> dg.Output[str]:
    return dg.Output(name, metadata={"viec": name, "cpu": _cpu() - before})


@dg.op(out=dg.DynamicOut())
def feeds() -> Iterator[dg.DynamicOutput[str]]:
    for feed in FEEDS:
        yield dg.DynamicOutput(feed, mapping_key=feed.replace("/", "__"), metadata={"viec": "chia việc", "cpu": 0.0})


@dg.op
def read(feed: str) -> dg.Output[str]:
    """Every export of ``feed`` again: read, concatenated, stripped, duplicates dropped, written as Parquet."""
    before = _cpu()
    pd: Any = importlib.import_module("pandas")

    frames = []
    for file in sorted((Path(os.environ["KHO_SO_SANH_NGUON"]) / "raw" / feed).rglob("*")):
        if file.suffix == ".csv":
            frames.append(pd.read_csv(file, dtype=str, sep=None, engine="python", on_bad_lines="skip"))
        elif file.suffix == ".parquet":
            frames.append(pd.read_parquet(file).astype(str))
    whole = pd.concat(frames, ignore_index=True)
    for column in whole.columns:
        whole[column] = whole[column].map(lambda value: value.strip() if isinstance(value, str) else value)
    key = FEEDS[feed]
    whole = whole.drop_duplicates(key if key in whole.columns else None, keep="last")
    whole.to_parquet(Path(os.environ["KHO_SO_SANH"]) / f"{feed.replace('/', '__')}.parquet")
    return _told("đọc tệp bằng pandas", before)


@dg.op
def build(_read: list[str]) -> dg.Output[str]:
    """All models and all tests of this project, whole."""
    before = _cpu()
    subprocess.run(
        [Path(sys.executable).parent / "kho", "dbt", "--quiet", "build"],
        env=os.environ | {"KHO_DATA": str(Path(os.environ["KHO_SO_SANH"]) / "kho")},
        check=False,  # a test that fails is a result of a usual night too
    )
    return _told("dbt build cả dự án, mỗi phép thử một câu", before)


@dg.op(out=dg.DynamicOut())
def tables(_built: str) -> Iterator[dg.DynamicOutput[str]]:
    with _warehouse() as connection:
        rows = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name IN "
            "('tthc', 'ho_tich', 'chi_so_766', 'doi_soat', 'dieu_hanh') AND estimated_size > 0 ORDER BY ALL"
        ).fetchall()
    for schema, table in rows:
        yield dg.DynamicOutput(
            f"{schema}.{table}", mapping_key=f"{schema}__{table}", metadata={"viec": "chia việc", "cpu": 0.0}
        )


@dg.op
def validate_and_write(table: str) -> dg.Output[str]:
    """One table in pandas: an expectation a column, then CSV and Parquet."""
    before = _cpu()
    gx: Any = importlib.import_module("great_expectations")

    with _warehouse() as connection:
        frame = connection.execute(f"SELECT * FROM {table}").df()
    context = gx.get_context(mode="ephemeral")
    batch = context.data_sources.add_pandas("mau").add_dataframe_asset(table).add_batch_definition_whole_dataframe("ca")
    suite = gx.ExpectationSuite(
        name=table,
        expectations=[gx.expectations.ExpectColumnValuesToNotBeNull(column=name, mostly=0.5) for name in frame.columns],
    )
    batch.get_batch(batch_parameters={"dataframe": frame}).validate(suite)
    frame.to_parquet(Path(os.environ["KHO_SO_SANH"]) / f"{table}.parquet")
    frame.to_csv(Path(os.environ["KHO_SO_SANH"]) / f"{table}.csv", index=False)
    return _told("GX trên pandas và ghi bảng", before)


def _warehouse() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(DataPaths(Path(os.environ["KHO_SO_SANH"]) / "kho").warehouse_file), read_only=True)


@dg.job(executor_def=dg.multiprocess_executor.configured({"max_concurrent": 2}))
def usual_night() -> None:
    """The night of a usual team."""
    tables(build(feeds().map(read).collect())).map(validate_and_write)


if __name__ == "__main__":
    begun = time.monotonic()
    main()
    sys.stdout.write(f"thời gian: {time.monotonic() - begun:.0f} s\n")
