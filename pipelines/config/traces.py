"""Where the full text of an error is kept: it may quote a value of the data, so only the owner reads it."""

from __future__ import annotations

import traceback
from pathlib import Path

from pipelines.config.paths import OWNER_FILE, DataPaths


def keep_trace(paths: DataPaths, error: BaseException, name: str = "loi_cuoi.txt") -> Path:
    """Write ``error`` with its traceback to ``lam_viec/<name>`` (0600); returns the file."""
    paths.working.mkdir(parents=True, exist_ok=True)
    file = paths.working / name
    file.touch(mode=OWNER_FILE)
    file.chmod(OWNER_FILE)
    file.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return file
