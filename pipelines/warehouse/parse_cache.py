"""dbt's parse of the project, shared by all data folders of one installation: it depends on the project's files alone.

A first parse takes ten seconds of CPU. dbt itself compares the cache with the files and reads again what differs; what
it cannot use it throws away. The cache holds no data: SQL and descriptions of the project.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from pipelines.config.paths import OWNER_DIR, OWNER_FILE


def bring(target: Path, project: Path) -> None:
    """Put the shared parse where dbt looks for it, unless it has one there."""
    if not target.exists():
        _copy(_place(project), target)


def keep(source: Path, project: Path) -> None:
    """Share a parse, unless there is a newer one."""
    place = _place(project)
    if not place.exists() or place.stat().st_mtime < source.stat().st_mtime:
        _copy(source, place)


def _copy(source: Path, target: Path) -> None:
    part = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=OWNER_DIR)
        shutil.copyfile(source, part)
        part.chmod(OWNER_FILE)
        part.replace(target)
    except OSError:
        # No home folder, a full disk, nothing shared yet: dbt parses by itself.
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _place(project: Path) -> Path:
    """A file below the user's cache folder, for this version of dbt and this place of the project."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - a user without a home is no error here
    base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    name = hashlib.sha256(f"{version('dbt-core')}|{project}".encode()).hexdigest()[:16]
    return base / "kho06" / f"phan_tich_{name}.msgpack"
