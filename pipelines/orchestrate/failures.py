"""A step's failure as Dagster may keep it: the kind of error and where the details lie, never their text.

DuckDB and others quote the data in their messages; the full traceback goes to the owner-only working folder.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from dagster import Failure

from pipelines.config.paths import OWNER_FILE, DataPaths
from pipelines.config.yaml_lines import ConfigError
from pipelines.nightly import RunError
from pipelines.warehouse.dbt import DbtError

TRACE_FILE = "loi_cuoi.txt"


@contextmanager
def told_safely(paths: DataPaths, step: str) -> Iterator[None]:
    """Turn any exception of ``step`` into a ``Failure`` whose text holds no value of the data."""
    try:
        yield
    except (RunError, ConfigError, DbtError) as error:
        raise Failure(description=str(error), allow_retries=False) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, its text must not reach Dagster's storage
        file = paths.working / TRACE_FILE
        file.touch(mode=OWNER_FILE)
        file.write_text(traceback.format_exc(), encoding="utf-8")
        message = f"Bước “{step}” dừng vì lỗi {type(error).__name__}; chi tiết (chỉ chủ thư mục đọc được): {file}"
        raise Failure(description=message, allow_retries=False) from None
