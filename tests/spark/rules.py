"""The rules' counts on Spark beside those of DuckDB, over the tables that ``tests.spark.run`` left in ``build/spark``.

    python -m tests.spark.rules                # after tests.spark.run

The statements are those of the night (``measure.row_query``, ``measure.unique_query``), one rule each, so that one that
Spark does not know hides no other. The exit code is not 0 while any rule counts otherwise or cannot be asked.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

from pipelines.config.paths import PROJECT_ROOT, DataPaths
from pipelines.job import load_job
from pipelines.quality.evaluate import measured
from pipelines.quality.flags import with_as_of
from pipelines.quality.measure import Measure, row_query, unique_query
from pipelines.quality.model import UniqueCheck
from pipelines.warehouse.database import connect
from tests.spark.run import FOLDER, local_settings, say


def main() -> int:
    """The command; 0 where every rule counts the same."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--spark", type=Path, default=PROJECT_ROOT / ".venv-spark")
    options.add_argument("--data", type=Path, default=FOLDER / "duckdb", help="what DuckDB built of the same inputs")
    chosen = options.parse_args()
    job = load_job(DataPaths(chosen.data.resolve()).root)
    with connect(job.paths.warehouse_file, read_only=True) as connection:
        as_of = connection.execute("SELECT ngay_so_lieu FROM so_cai.tham_so").fetchall()[0][0]
    ours = measured(job.paths.warehouse_file, job.rules, as_of)
    statements = [
        _for_spark(with_as_of(unique_query(r, r.check) if isinstance(r.check, UniqueCheck) else row_query([r]), as_of))
        for r in job.rules
    ]
    theirs = _ask(chosen.spark.resolve(), statements)
    outcomes: Counter[str] = Counter()
    for rule, answer in zip(job.rules, theirs, strict=True):
        what = _verdict(ours[rule.code], answer)
        outcomes[what.split(":")[0]] += 1
        if what != "bằng":
            say(f"{rule.code} ({rule.relation}): {what}")
    say(f"Quy tắc: {outcomes['bằng']} trên {len(job.rules)} đếm bằng nhau; {dict(outcomes)}")
    return int(outcomes["bằng"] != len(job.rules))


def _for_spark(sql: str) -> str:
    """What the models' macros say in Spark's words (``kieu_spark``, ``thay_mau``): a text type, "replace all"."""
    return re.sub(r"\bas varchar\b", "as string", sql).replace(", 'g')", ")")


def _ask(spark: Path, statements: list[str]) -> list[list[int] | str]:
    files = {name: FOLDER / "spark" / f"quy_tac_{name}.json" for name in ("settings", "statements", "answers")}
    files["settings"].write_text(json.dumps(local_settings(FOLDER / "spark")), encoding="utf-8")
    files["statements"].write_text(json.dumps(statements), encoding="utf-8")
    with (FOLDER / "spark" / "quy_tac.log").open("w", encoding="utf-8") as log:
        subprocess.run(
            [spark / "bin" / "python", Path(__file__).with_name("ask.py"), *files.values()],
            env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1"},
            cwd=FOLDER / "spark",
            stdout=log,
            stderr=log,
            check=True,
        )
    answers: list[list[int] | str] = json.loads(files["answers"].read_text(encoding="utf-8"))
    return answers


def _verdict(ours: Measure, theirs: list[int] | str) -> str:
    if ours.error is not None:
        return "bằng" if isinstance(theirs, str) else f"KHÁC: DuckDB {ours.error}"
    if isinstance(theirs, str):
        return f"KHÔNG HỎI ĐƯỢC: {theirs}"
    mine = [ours.applicable, ours.judged, ours.failed]
    return "bằng" if mine == theirs else f"KHÁC: DuckDB {mine}, Spark {theirs}"


if __name__ == "__main__":
    raise SystemExit(main())
