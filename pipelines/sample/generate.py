"""Entry point: synthetic exports of every feed with the mess of real ones, and the answer key beside them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from pipelines import progress as listeners
from pipelines.config.paths import OWNER_DIR, DataPaths
from pipelines.sample.answer_key import AnswerKey
from pipelines.sample.context import Context, Month, months_up_to
from pipelines.sample.files.text_mess import Vocabulary
from pipelines.sample.files.writer import RawWriter, stable_number
from pipelines.sample.large import NATIONAL, PROVINCE, write_large
from pipelines.sample.preset_bac_giang import AS_OF as PRESET_AS_OF
from pipelines.sample.preset_bac_giang import PRESET, write_preset
from pipelines.sample.procedures.dossiers import World
from pipelines.sample.small import write_small
from pipelines.sample.world.catalogue import procedures
from pipelines.sample.world.geography import agencies, nation
from pipelines.sample.world.people import applicants

LAST_DAY = date(2025, 12, 31)
SIZES = ("small", "province", "national")
_MONTHS = {"small": 10, "province": PROVINCE.months, "national": NATIONAL.months}
_MOST_MONTHS = 36
_PEOPLE = {"small": 3_000, "province": 400_000, "national": 600_000}
_NOTICE = """DỮ LIỆU TỔNG HỢP

Mọi tệp trong thư mục raw/ do lệnh `kho sample` sinh ra: người, số định danh, hồ sơ, số liệu đều không có thật.
Cơ quan và thủ tục chỉ là khung cảnh. Đáp án nằm ở lam_viec/dap_an.
"""

Progress = Callable[[str], None]


class SampleError(Exception):
    """Why nothing was written, in Vietnamese."""


class SampleExistsError(SampleError):
    """``raw/`` already holds exports; the generator never writes among them."""


@dataclass(frozen=True)
class SampleReport:
    """What was written: files, data rows, bytes, seconds; the as-of date to run with; where the key lies.

    ``feeds``: (feed, files, data rows), by feed.
    """

    size: str
    feeds: list[tuple[str, int, int]]
    files: int
    rows: int
    size_bytes: int
    seconds: float
    as_of: date
    answer_key: Path
    defects: int


def _first_file(raw: Path) -> Path | None:
    if not raw.exists():
        return None
    return next((p for p in sorted(raw.rglob("*")) if p.is_file() and not p.name.startswith(".")), None)


def holds_exports(raw: Path) -> bool:
    """Whether any file lies below ``raw`` (hidden ones such as ``.gitkeep`` do not count)."""
    return _first_file(raw) is not None


def _refuse_if_filled(raw: Path) -> None:
    held = _first_file(raw)
    if held is not None:
        raise SampleExistsError(
            f"Thư mục {raw} đã có tệp (ví dụ {held.relative_to(raw)}). Dữ liệu mẫu chỉ ghi vào thư mục trống: "
            "hãy đặt KHO_DATA sang một thư mục khác, hoặc chuyển các tệp này đi."
        )


def _prepare(raw: Path) -> None:
    raw.mkdir(parents=True, exist_ok=True)
    raw.chmod(OWNER_DIR)
    # beside raw/, not in it: whatever lies there outside a feed's folder is refused as a stray file
    (raw.parent / "DU_LIEU_TONG_HOP.txt").write_text(_NOTICE, encoding="utf-8")


def generate(
    where: DataPaths | Path,
    *,
    size: str,
    seed: int = 6,
    months: int | None = None,
    preset: str | None = None,
    progress: Progress | None = None,
) -> SampleReport:
    """Write synthetic exports below ``raw/`` (0700/0600) and their answer key below ``raw/../lam_viec/dap_an``.

    ``where`` is the data folder's paths, or the ``raw`` folder itself.
    ``size``: ``small`` (about 5,000 dossiers, every mess of docs/mess.md), ``province`` (2 million dossiers),
    ``national`` (60 million); ``months`` shortens the period, which always ends on 31/12/2025. ``preset``
    ``bac-giang-2024-h1`` writes dossiers whose counts over 15/12/2023–30/6/2024 are those of the printed report.
    The same arguments give the same bytes. ``progress`` is called with a Vietnamese line before each part.

    Raises ``SampleError`` (Vietnamese) when ``raw`` holds files, for an unknown size or preset, or for a number
    of months outside 1–36 (catalogue and calendar of the sample begin in 2023).
    """
    if size not in SIZES:
        raise SampleError(f"cỡ mẫu “{size}” không có; chọn một trong: {', '.join(SIZES)}.")
    if preset not in (None, PRESET):
        raise SampleError(f"bộ mẫu “{preset}” không có; chỉ có: {PRESET}.")
    if months is not None and not 1 <= months <= _MOST_MONTHS:
        raise SampleError(f"số tháng phải từ 1 đến {_MOST_MONTHS}.")
    start = time.perf_counter()
    raw = where.raw if isinstance(where, DataPaths) else Path(where)
    _refuse_if_filled(raw)
    _prepare(raw)
    key = AnswerKey(raw.parent / "lam_viec" / "dap_an")
    key.prepare()
    writer = RawWriter(raw, key)
    last = PRESET_AS_OF if preset else LAST_DAY
    chosen = months_up_to(last, months or (8 if preset else _MONTHS[size]))
    pairs = NATIONAL.province_pairs if size == "national" and not preset else 0
    context = _context(seed, 3_000 if preset else _PEOPLE[size], writer, chosen, pairs)
    if preset:
        write_preset(context, _teller(progress))
    elif size == "small":
        write_small(context, _teller(progress))
    else:
        write_large(context, PROVINCE if size == "province" else NATIONAL, _teller(progress))
    key.save()
    return SampleReport(
        size=preset or size,
        feeds=writer.by_feed(),
        files=writer.files,
        rows=writer.rows,
        size_bytes=writer.size,
        seconds=time.perf_counter() - start,
        as_of=context.as_of,
        answer_key=key.folder,
        defects=len(key.defects),
    )


def _teller(progress: Progress | None) -> Progress:
    done = 0

    def tell(line: str) -> None:
        nonlocal done
        done += 1
        listeners.report("sinh dữ liệu tổng hợp", line, done, 0)
        if progress is not None:
            progress(line)

    return tell


def _context(seed: int, people: int, writer: RawWriter, months: list[Month], pairs: int) -> Context:
    pool = applicants(np.random.default_rng([seed, stable_number("chu_ho_so")]), people)
    units = nation(pairs) if pairs else agencies()
    return Context(seed, World(units, procedures(), pool), Vocabulary.load(), writer, months)
