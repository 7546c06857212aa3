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

from pipelines.config.paths import DataPaths
from pipelines.job import load_job
from pipelines.quality.evaluate import measured
from pipelines.quality.flags import with_as_of
from pipelines.quality.measure import Measure, row_query, unique_query
from pipelines.quality.model import UniqueCheck
from pipelines.warehouse.database import connect
from pipelines.warehouse.dbt import DBT_PROJECT
from tests.spark.engine import ENVIRONMENT, FOLDER, local_settings, say


def main() -> int:
    """The command; 0 where every rule counts the same."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--spark", type=Path, default=ENVIRONMENT)
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


def _functions() -> list[str]:
    """Functions that Spark has under another name; marks and ends of texts are those of ``di_dong.sql``."""
    macros = (DBT_PROJECT / "macros" / "di_dong.sql").read_text(encoding="utf-8")
    found = re.search(r"macro bo_dau\(.*?'([^']+)',\s*'([^']+)'", macros, re.DOTALL)
    if found is None:
        raise SystemExit("bo_dau của di_dong.sql không còn bảng dấu")
    pairs = [pair for pair in zip(*found.groups(), strict=True) if pair[0] not in "đð"]
    marked, plain = "".join(mark for mark, _ in pairs), "".join(letter for _, letter in pairs)
    return [
        "regexp_full_match(t string, mau string) returns boolean return t rlike concat('^(?:', mau, ')(?![^a]|a)')",
        "regexp_matches(t string, mau string) returns boolean return t rlike mau",
        "nfc_normalize(t string) returns string return t",  # intake has brought every text into it
        f"strip_accents(t string) returns string return translate(t, '{marked + marked.upper()}', "
        f"'{plain + plain.upper()}')",
        "isodow(ngay date) returns int return extract(dow_iso from ngay)",
    ]


def _ask(spark: Path, statements: list[str]) -> list[list[int] | str]:
    files = {name: FOLDER / "spark" / f"quy_tac_{name}.json" for name in ("settings", "statements", "answers")}
    files["settings"].write_text(json.dumps(local_settings(FOLDER / "spark")), encoding="utf-8")
    asked = {"functions": _functions(), "statements": statements}
    files["statements"].write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
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
