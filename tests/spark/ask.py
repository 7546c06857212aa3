"""Statements to Spark and what they answer; runs in Spark's own environment, which has nothing of this project.

    python ask.py SETTINGS.json STATEMENTS.json ANSWERS.json

STATEMENTS holds ``functions``, which are made first, and ``statements``, each of which gives one row of whole numbers;
an answer is that row, or the first line of what went wrong.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """The command."""
    settings, statements, answers = (Path(argument) for argument in sys.argv[1:4])
    builder: Any = importlib.import_module("pyspark.sql").SparkSession.builder
    for name, value in json.loads(settings.read_text(encoding="utf-8")).items():
        builder = builder.config(name, value)
    # As on DuckDB, a backslash in a text of a rule is a backslash.
    builder = builder.config("spark.sql.parser.escapedStringLiterals", "true")
    spark = builder.enableHiveSupport().getOrCreate()
    asked = json.loads(statements.read_text(encoding="utf-8"))
    for function in asked["functions"]:
        spark.sql(f"create or replace temporary function {function}")
    told: list[list[int] | str] = []
    for statement in asked["statements"]:
        try:
            told.append([int(value) for value in spark.sql(statement).collect()[0]])
        except Exception as error:  # noqa: BLE001 - whatever an engine says is the answer
            told.append(str(error).splitlines()[0][:300])
    answers.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    spark.stop()


if __name__ == "__main__":
    main()
