"""Files of a publication on disk: their digest, and the flush that makes a rename outlive a power cut."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pipelines.config.disk import sha256_of

_AT_ONCE = 8


def describe(path: Path) -> dict[str, Any]:
    """``kich_thuoc`` in bytes and ``sha256`` of a file; raises ``OSError``."""
    return {"kich_thuoc": path.stat().st_size, "sha256": sha256_of(path)}


def sync_all(paths: Iterable[Path]) -> None:
    """``sync`` each, several at a time: the file system joins flushes that wait for it. Raises ``OSError``."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for _ in threads.map(sync, paths):
            pass


def sync(path: Path) -> None:
    """Flush a file or a folder to disk; raises ``OSError``."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
