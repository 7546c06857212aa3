"""Where the full text of an error is kept: it may quote a value of the data, so only the owner reads it."""

from __future__ import annotations

import contextlib
import traceback
from pathlib import Path

from pipelines.config.paths import OWNER_DIR, OWNER_FILE, DataPaths


def keep_trace(paths: DataPaths, error: BaseException, name: str = "loi_cuoi.txt") -> Path:
    """Write ``error`` with its traceback to ``lam_viec/<name>`` (0600); returns the file."""
    return keep_text(paths, "".join(traceback.format_exception(error)), name)


def keep_text(paths: DataPaths, text: str, name: str) -> Path:
    """Write ``text`` to ``lam_viec/<name>`` (0600), its folder 0700; returns the file.

    Where it cannot be written (a full disk is often what the trace is of), the message that names it goes on without.
    """
    file = paths.working / name
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=OWNER_DIR)
        file.touch(mode=OWNER_FILE)
        file.chmod(OWNER_FILE)
        file.write_text(text, encoding="utf-8", errors="backslashreplace")
    return file
