"""``orchestration.yaml``: the operator's one file, validated on load.

A mistake raises ``ConfigError`` naming the line and what was expected.
"""

from __future__ import annotations

import os
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from pipelines.config.bi import Serving
from pipelines.config.checked import StrictModel, load_checked
from pipelines.config.open_data import OpenData
from pipelines.config.paths import PROJECT_ROOT
from pipelines.config.watching import Watching
from pipelines.config.yaml_lines import ConfigError

DEFAULT_FILE = PROJECT_ROOT / "orchestration.yaml"

Share = Annotated[float, Field(ge=0, le=1)]
_LEAST_FOR_READING = 400_000_000
Memory = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*(MB|GB)$")]


class Schedule(StrictModel):
    """When the nightly job starts, in the zone of ``mui_gio``; ``ngay_dau``: the first as-of day that can be made
    again from the web UI."""

    bat: bool
    gio: time
    ngay_dau: date = date(2024, 1, 1)


class FileSensor(StrictModel):
    """Files by day: a run is asked for once when what lies in ``raw/`` is new and has stood still for ``yen_phut``.

    ``gom_phut``: at least so long after the run before; ``doi_nhieu_nhat_phut``: files that never stop coming are
    not waited for longer than that.
    """

    bat: bool = False
    yen_phut: int = Field(default=15, ge=1, le=1440)
    gom_phut: int = Field(default=60, ge=1, le=1440)
    doi_nhieu_nhat_phut: int = Field(default=180, ge=1, le=1440)


class FeedRhythm(StrictModel):
    """How many days may pass between two exports with new data.

    ``chan_ngay``: after how many days without any, what rests on the feed keeps its last good version (None: never).
    """

    nhip_ngay: int = Field(ge=1, le=400)
    chan_ngay: int | None = Field(default=None, ge=1, le=800)

    @model_validator(mode="after")
    def _after_the_rhythm(self) -> FeedRhythm:
        if self.chan_ngay is not None and self.chan_ngay < self.nhip_ngay:
            raise ValueError("chan_ngay không ngắn hơn nhip_ngay")
        return self


Owner = Annotated[str, StringConstraints(pattern=r"^(team:[A-Za-z0-9_]+|[^@\s]+@[^@\s]+\.[^@\s]+)$")]
"""Who answers for an asset in Dagster: ``team:<name>`` or an e-mail address."""


class Gates(StrictModel):
    """Tolerated shares of failing rows (docs/quality.md)."""

    nguong_chan: Share
    nguong_cach_ly: Share
    nguong_giam: Share = 0.3
    mien_ngay: int = Field(default=90, ge=1, le=366)
    """Days for which an owner's answer “not a fault” keeps a defect off the lists."""


class Publication(StrictModel):
    """What is written beside ``kho.duckdb``."""

    parquet: bool


class Retention(StrictModel):
    """How long each kind of data is kept (SECURITY.md)."""

    tep_goc_thang: int = Field(ge=1)
    lich_su_thang: int = Field(ge=1)
    nhat_ky_ngay: int = Field(ge=1)
    nhat_ky_chi_tiet_ngay: int = Field(default=14, ge=1)
    ban_dem: int = Field(default=30, ge=1)
    ban_cuoi_thang: int = Field(default=24, ge=1)
    tep_hong_ngay: int = Field(default=30, ge=1)


class ResourceLimits(StrictModel):
    """Limits of the machine and of hostile files."""

    luong: int = Field(ge=1, le=256)
    bo_nho: Memory
    giai_nen_mb: int = Field(ge=1)
    ty_le_nen: int = Field(ge=2)
    so_cot: int = Field(ge=10, le=16384)
    o_kb: int = Field(ge=1)
    hoi_bo_nho: Memory = "2GB"
    hoi_giay: int = Field(default=600, ge=1)
    dung_yen_giay: float = Field(default=2, ge=0, le=600)
    bo_nho_doc: Memory = "3GB"
    giay_doc: int = Field(default=300, ge=5)

    @property
    def reader_bytes(self) -> int:
        """Bytes that the process which reads files may hold: ``bo_nho_doc``, at most two thirds of ``bo_nho``."""
        return min(_bytes_of(self.bo_nho_doc), max(_bytes_of(self.bo_nho) * 2 // 3, _LEAST_FOR_READING))

    @property
    def intake_memory(self) -> str:
        """What is left of ``bo_nho`` for DuckDB while files are read, as DuckDB takes it."""
        left = max(_bytes_of(self.bo_nho) - self.reader_bytes, _bytes_of(self.bo_nho) // 4)
        return f"{left // 1_000_000}MB"


def _bytes_of(memory: str) -> int:
    return int(memory[:-2]) * {"MB": 1_000_000, "GB": 1_000_000_000}[memory[-2:]]


class Orchestration(StrictModel):
    """The whole file."""

    mui_gio: Literal["Asia/Ho_Chi_Minh"]
    lich_chay: Schedule
    nguon: dict[str, FeedRhythm]
    cong_chat_luong: Gates
    xuat_ban: Publication
    luu_giu: Retention
    gioi_han: ResourceLimits
    giam_sat: Watching = Watching()
    du_lieu_mo: OpenData = OpenData()
    bi: Serving = Serving()
    so_lan_thu_lai: int = Field(default=3, ge=0, le=10)
    cam_bien_tep: FileSensor = FileSensor()
    phu_trach: dict[str, Owner] = Field(default_factory=dict)

    def owner(self, system: str) -> str:
        """Who answers for the files of a system; ``kho``: for what the warehouse makes of them."""
        return self.phu_trach.get(system) or self.phu_trach.get("kho") or "team:quan_tri_kho"

    @property
    def cron(self) -> str:
        """Cron expression of the nightly schedule."""
        return f"{self.lich_chay.gio.minute} {self.lich_chay.gio.hour} * * *"


def orchestration_file() -> Path:
    """``$KHO_ORCHESTRATION``, else ``./orchestration.yaml`` of where one stands, else the one that came along."""
    given = os.environ.get("KHO_ORCHESTRATION")
    if given:
        return Path(given)
    here = Path("orchestration.yaml").resolve()
    return here if here.is_file() else DEFAULT_FILE


def load_orchestration(path: Path | None = None, *, feeds: set[str] | None) -> Orchestration:
    """Read and check ``path``; ``feeds`` are the feed names that exist (None: names are not checked).

    Raises ``ConfigError``.
    """
    path = path or orchestration_file()
    parsed, located = load_checked(path, Orchestration)
    if feeds is None:
        return parsed
    mistakes: list[tuple[int | None, str]] = []
    for name in parsed.nguon:
        if name not in feeds:
            known = ", ".join(sorted(feeds))
            mistakes.append((located.line(("nguon", name)), f"không có nguồn “{name}”; các nguồn: {known}."))
    systems = {"kho", *(feed.split("/")[0] for feed in feeds)}
    for name in parsed.phu_trach:
        if name not in systems:
            expected = ", ".join(sorted(systems))
            mistakes.append((located.line(("phu_trach", name)), f"không có hệ thống “{name}”; cần: {expected}."))
    for name in sorted(feeds - set(parsed.nguon)):
        mistakes.append((located.line(("nguon",)), f"thiếu nhịp gửi của nguồn “{name}” trong mục “nguon”."))
    if mistakes:
        raise ConfigError(path, mistakes)
    return parsed
