"""The data folder: who may read what, and where each thing lies.

Rule of ``privacy`` point 2: personal data live only in ``raw/`` and ``lam_viec/``, both owner-only
(folders 0700, files 0600), enforced by the program on every run.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
INSTALLED = "_kho"
"""Folder of the installed package for what a checkout has beside it: dbt project, rule book, orchestration.yaml."""


def _project_root() -> Path:
    beside = PACKAGE.parent
    return beside if (beside / "dbt_project" / "dbt_project.yml").is_file() else PACKAGE / INSTALLED


PROJECT_ROOT = _project_root()
OWNER_DIR = 0o700
OWNER_FILE = 0o600
INTERNAL_FILE = 0o640
INTERNAL_DIR = 0o750
OWN_DAGSTER = "dagster_rieng.yaml"
ALIVE_FOLDER = "lan_chay"
"""In Dagster's home: a file a run that is alive."""


@dataclass(frozen=True)
class DataPaths:
    """Every place under one data folder (``$KHO_DATA``, default ``./data``)."""

    root: Path

    @property
    def raw(self) -> Path:
        """Exports as they arrived, ``raw/<system>/<feed>/…``; owner-only."""
        return self.root / "raw"

    @property
    def working(self) -> Path:
        """``lam_viec/``: working warehouse, history, quarantine; owner-only."""
        return self.root / "lam_viec"

    @property
    def warehouse_file(self) -> Path:
        """The working warehouse; one process writes it, nobody else opens it."""
        return self.working / "kho_lam_viec.duckdb"

    @property
    def dbt_target(self) -> Path:
        """dbt's artefacts (manifest, run results); kept owner-only as a second line of defence."""
        return self.working / "dbt"

    @property
    def marts(self) -> Path:
        """What is published: ``kho.duckdb`` and Parquet."""
        return self.root / "marts"

    @property
    def marts_file(self) -> Path:
        """The published DuckDB file that analysts open read-only."""
        return self.marts / "kho.duckdb"

    @property
    def papers(self) -> Path:
        """``van_ban/``: papers that an office puts here are listed by ``kho ui``; the folder need not be there."""
        return self.root / "van_ban"

    @property
    def operations(self) -> Path:
        """``van_hanh/``: Dagster's home and logs; holds no personal value."""
        return self.root / "van_hanh"

    @property
    def dagster_home(self) -> Path:
        """``DAGSTER_HOME`` if set, else ``van_hanh/dagster``."""
        env = os.environ.get("DAGSTER_HOME")
        return Path(env) if env else self.operations / "dagster"

    @property
    def own_dagster_file(self) -> Path:
        """The operator's own keys of Dagster's settings, such as another storage."""
        return self.dagster_home / OWN_DAGSTER

    @property
    def heartbeat_file(self) -> Path:
        """The scheduler's last sign of life (seconds since the epoch), where its storage is not in this folder."""
        return self.operations / "nhip_bo_lap_lich"

    @property
    def free_bytes(self) -> int:
        """Bytes free on the disk that the data folder is on, or will be."""
        existing = next(folder for folder in (self.root, *self.root.parents) if folder.exists())
        return shutil.disk_usage(existing).free

    def prepare(self) -> None:
        """Create the folders and set owner-only permissions on all under ``raw/``, ``lam_viec/``, ``van_hanh/``.

        From here on whatever the process writes is owner-only, unless it says otherwise (the published files).
        Raises ``OSError`` when a folder cannot be created, or the mode of ``lam_viec/`` cannot be set. What lies in
        ``raw/`` may belong to somebody else, or go while this looks: the intake tells what it cannot read.
        """
        os.umask(0o077)
        self.root.mkdir(parents=True, exist_ok=True)
        for folder in (self.working, self.operations):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(OWNER_DIR)
        self.raw.mkdir(parents=True, exist_ok=True)
        for folder in (self.working, self.operations, self.raw):
            restrict_to_owner(folder)
        self.marts.mkdir(mode=INTERNAL_DIR, parents=True, exist_ok=True)
        self.marts.chmod(INTERNAL_DIR)


def data_paths(root: str | Path | None = None) -> DataPaths:
    """Paths under ``root``, else ``$KHO_DATA``, else ``./data`` of where one stands."""
    chosen = root or os.environ.get("KHO_DATA") or "data"
    return DataPaths(Path(chosen).expanduser().resolve())


def restrict_to_owner(folder: Path) -> None:
    """Set 0700 on ``folder`` and its sub-folders, 0600 on its files; symbolic links are not followed.

    What is gone by then, or belongs to somebody else, is passed over.
    """
    _set_mode(folder, OWNER_DIR)
    for current, folders, files in os.walk(folder, followlinks=False):
        base = Path(current)
        for name in folders:
            _set_mode(base / name, OWNER_DIR)
        for name in files:
            _set_mode(base / name, OWNER_FILE)


def _set_mode(path: Path, mode: int) -> None:
    with contextlib.suppress(FileNotFoundError, PermissionError, NotADirectoryError):
        found = path.lstat().st_mode
        if not stat.S_ISLNK(found) and stat.S_IMODE(found) != mode:
            path.chmod(mode)
