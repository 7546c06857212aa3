"""The ledger of runs: which run this is, as of which day, and the publication id it builds.

Rule R1: the as-of day is judged at its end; the same files, as-of day and code give the same publication id,
so two equal runs publish equal tables.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from pipelines.config.paths import INSTALLED, PACKAGE, PROJECT_ROOT
from pipelines.warehouse.database import TIME_ZONE
from pipelines.warehouse.schema import STILL_REFUSED

_CODE = (
    ("pipelines", ("*.py", "*.yaml", "*.csv", "*.json")),
    ("dbt_project", ("*.sql", "*.yml", "*.csv")),
    ("expectations", ("*.yaml",)),
)
_ORIGINS = (
    ("lich", ("dbt_project/seeds", "lich*.csv")),
    ("don_vi", ("dbt_project/seeds", "don_vi*.csv")),
    ("don_vi", ("pipelines/warehouse/reference", "*.csv")),
    ("dinh_nghia", ("dbt_project/seeds", "*.csv")),
    ("quy_tac", ("expectations", "*.yaml")),
)
"""What besides the files decides the figures, each file under the first pattern that it matches; the rest is code."""
_NOT_CODE = {INSTALLED, "target", "logs", "dbt_packages", "__pycache__"}


@dataclass(frozen=True)
class Run:
    """One nightly run: its number (1, 2, …), start (Vietnam wall clock) and as-of day.

    ``accept_fall``: somebody has looked at content that collapsed and wants it published. ``replace``: what is
    published may give way to an earlier as-of day. ``scope``: the part of a night that was asked for, in words; None:
    the whole. ``rebuild``: everything is built whole, whatever has changed.
    """

    number: int
    started: datetime
    as_of: date
    accept_fall: bool = False
    replace: bool = False
    scope: str | None = None
    rebuild: bool = False


def now_in_vietnam() -> datetime:
    """Wall clock of Asia/Ho_Chi_Minh, without a zone, to the second."""
    return datetime.now(ZoneInfo(TIME_ZONE)).replace(tzinfo=None, microsecond=0)


def last_ended_day(now: datetime) -> date:
    """The default as-of day (rule R1): the day before ``now`` (Vietnam's clock), for the schedule and by hand.

    The day of ``now`` has not ended: all that falls due on it would count as late.
    """
    return now.date() - timedelta(days=1)


def start_run(
    connection: duckdb.DuckDBPyConnection,
    as_of: date,
    started: datetime,
    *,
    accept_fall: bool = False,
    replace: bool = False,
    scope: str | None = None,
    rebuild: bool = False,
) -> Run:
    """Enter a new run into ``so_cai.lan_chay``."""
    rows = connection.execute("SELECT coalesce(max(so_lan), 0) + 1 FROM so_cai.lan_chay").fetchall()
    run = Run(int(rows[0][0]), started, as_of, accept_fall, replace, scope, rebuild)
    enter_run(connection, run)
    return run


def enter_run(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Enter a run that has its number."""
    connection.execute(
        "INSERT INTO so_cai.lan_chay (so_lan, bat_dau, ngay_so_lieu, chap_nhan_giam, thay_ban, pham_vi, "
        "dung_lai) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [run.number, run.started, run.as_of, run.accept_fall, run.replace, run.scope, run.rebuild],
    )


def latest_run(connection: duckdb.DuckDBPyConnection, *, whole: bool = False) -> Run | None:
    """The newest run in the ledger, or None before the first; ``whole``: without parts of a night that published
    nothing."""
    columns = {str(row[0]) for row in connection.execute("DESCRIBE so_cai.lan_chay").fetchall()}
    # A warehouse of an earlier release, not yet opened by a run, lacks the column.
    scope = "pham_vi" if "pham_vi" in columns else "NULL"
    rebuild = "coalesce(dung_lai, false)" if "dung_lai" in columns else "false"
    wanted = f"WHERE {scope} IS NULL OR so_lan IN (SELECT so_lan FROM so_cai.cong_bo)" if whole else ""
    rows = connection.execute(
        "SELECT so_lan, bat_dau, ngay_so_lieu, coalesce(chap_nhan_giam, false), coalesce(thay_ban, false), "
        f"{scope}, {rebuild} FROM so_cai.lan_chay {wanted} ORDER BY so_lan DESC LIMIT 1"
    ).fetchall()
    if not rows:
        return None
    number, started, as_of, accepted, replaced, words, rebuilt = rows[0]
    return Run(int(number), started, as_of, bool(accepted), bool(replaced), words, bool(rebuilt))


def set_parameters(connection: duckdb.DuckDBPyConnection, run: Run) -> str:
    """Write the one row of ``so_cai.tham_so`` that every model reads; returns the publication id."""
    version = publication_id(connection, run.as_of)
    connection.execute("DELETE FROM so_cai.tham_so")
    connection.execute("INSERT INTO so_cai.tham_so VALUES (?, ?)", [run.as_of, version])
    return version


def publication_id(connection: duckdb.DuckDBPyConnection, as_of: date) -> str:
    """``YYYY-MM-DD.<12 hex>``: digest of the files' contents, the as-of day and the code (R1).

    A refused file that a whole one has followed is history: with it or without, the publication is the same.
    """
    digest = hashlib.sha256(as_of.isoformat().encode())
    digest.update(code_fingerprint().encode())
    rows = connection.execute(
        "SELECT DISTINCT nguon_du_lieu, sha256, trang_thai FROM so_cai.tep r "
        f"WHERE trang_thai = 'da_nap' OR ({STILL_REFUSED}) ORDER BY ALL"
    ).fetchall()
    # A model that the province trained itself decides on probable duplicates as code does.
    rows += connection.execute("SELECT DISTINCT mo_hinh FROM so_cai.ban_ghi_da_so ORDER BY ALL").fetchall()
    # So does the removal of a person: the same files without the records are another publication.
    rows += connection.execute("SELECT DISTINCT 'go_bo', khoa FROM so_cai.go_bo ORDER BY ALL").fetchall()
    for row in rows:
        digest.update("|".join(str(value) for value in row).encode())
    return f"{as_of.isoformat()}.{digest.hexdigest()[:12]}"


def code_fingerprint(root: Path = PROJECT_ROOT) -> str:
    """Digest of every file that decides what a run computes."""
    digest = hashlib.sha256()
    for name, path in _code_files(root):
        digest.update(name.as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def origins(root: Path = PROJECT_ROOT) -> dict[str, str]:
    """Digests of calendar, agencies, definitions, rule book and code, apart: they tell why a figure moved.

    Names: ``lich``, ``don_vi`` (the reference of administrative units included), ``dinh_nghia``, ``quy_tac``,
    ``ma_nguon``.
    """
    digests = {name: hashlib.sha256() for name in ("lich", "don_vi", "dinh_nghia", "quy_tac", "ma_nguon")}
    for name, path in _code_files(root):
        part = digests[_origin(name)]
        part.update(name.as_posix().encode())
        part.update(path.read_bytes())
    return {name: digest.hexdigest() for name, digest in digests.items()}


def _origin(relative: Path) -> str:
    for name, (folder, pattern) in _ORIGINS:
        if relative.is_relative_to(folder) and relative.match(pattern):
            return name
    return "ma_nguon"


def _code_files(root: Path) -> list[tuple[Path, Path]]:
    """(path as in the repository, where it lies) of each file; installed, folders beside the package are within it."""
    found: list[tuple[Path, Path]] = []
    for folder, patterns in _CODE:
        place = root / folder if (root / folder).is_dir() else PACKAGE
        files = {path for pattern in patterns for path in place.rglob(pattern)}
        named = [(Path(folder) / path.relative_to(place), path) for path in sorted(files)]
        found += [(name, path) for name, path in named if _NOT_CODE.isdisjoint(name.parts)]
    return found
