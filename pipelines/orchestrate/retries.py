"""Failures that pass by themselves, and whether a scheduled run tries again (``so_lan_thu_lai``).

A file that is held for a moment and a disk that is full may be well in a minute; anything else would only fail
again. Who waits at ``kho run`` is told at once instead.
"""

from __future__ import annotations

import errno

import duckdb
from dagster import RetryRequested

from pipelines import turn
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import DataPaths
from pipelines.config.space import Lack, lack_of
from pipelines.config.yaml_lines import ConfigError
from pipelines.warehouse.damage import is_damage

FIRST_WAIT_SECONDS = 60
_PASSING = {errno.EAGAIN, errno.EBUSY, errno.ETXTBSY, errno.ESTALE}
_WORDS = ("could not set lock", "conflicting lock")
_tries: dict[tuple[object, str], int] = {}


def may_pass(error: BaseException) -> bool:
    """Whether the failure, or what it came from, is a held file or a full disk."""
    if lack_of(error) is Lack.DISK:
        return True
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in _PASSING:
            return True
        if isinstance(seen, duckdb.Error) and not is_damage(seen):
            text = str(seen).lower()
            if any(word in text for word in _WORDS):
                return True
        seen = seen.__cause__ or seen.__context__
    return False


def again(paths: DataPaths, step: str, error: BaseException) -> RetryRequested | None:
    """What to raise so that Dagster makes the step again after a wait twice as long as the last; None: let it fail.

    The run keeps the folder meanwhile, and the journal says why it waits.
    """
    if turn.is_foreground(paths) or not may_pass(error):
        return None
    try:
        limit = load_orchestration(feeds=None).so_lan_thu_lai
    except ConfigError:
        return None
    done = _tries.get((paths.root, step), 0)
    if done >= limit:
        _tries.pop((paths.root, step), None)
        return None
    _tries[paths.root, step] = done + 1
    wait = FIRST_WAIT_SECONDS * 2**done
    turn.remark(paths, f"Bước “{step}” vướng tệp bị khóa hoặc đĩa đầy; thử lại lần {done + 1} sau {wait} giây.")
    return RetryRequested(max_retries=limit, seconds_to_wait=wait)
