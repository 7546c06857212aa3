"""A step's failure as Dagster may keep it: the kind of error and where the details lie, never their text.

DuckDB and others quote the data in their messages; the full traceback goes to the owner-only working folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dagster import Failure

from pipelines.config.paths import DataPaths
from pipelines.config.traces import keep_trace
from pipelines.config.yaml_lines import ConfigError
from pipelines.linkage.model import LinkageError
from pipelines.nightly import RunError
from pipelines.warehouse.dbt import DbtError


@contextmanager
def told_safely(paths: DataPaths, step: str) -> Iterator[None]:
    """Turn any exception of ``step`` into a ``Failure`` whose text holds no value of the data."""
    try:
        yield
    except (RunError, ConfigError, DbtError, LinkageError) as error:
        raise Failure(description=str(error), allow_retries=False) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, its text must not reach Dagster's storage
        file = keep_trace(paths, error)
        message = f"Bước “{step}” dừng vì lỗi {type(error).__name__}; chi tiết (chỉ chủ thư mục đọc được): {file}"
        raise Failure(description=message, allow_retries=False) from None
