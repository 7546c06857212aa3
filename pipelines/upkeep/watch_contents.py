"""Looks at the data: rhythm of feeds, groups held back, quarantine and defects growing, files not taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.config.figures import grouped
from pipelines.publish.query import QueryError, open_published, run_query
from pipelines.publish.swap import read_listing
from pipelines.quality.model import WAIVER_NOTICE
from pipelines.upkeep.finding import Finding, Level
from pipelines.warehouse import lock, raw_gone
from pipelines.warehouse.database import connect
from pipelines.warehouse.schema import STILL_REFUSED

if TYPE_CHECKING:
    from pipelines.config.paths import DataPaths
    from pipelines.upkeep.watch import Look

NEVER_CAME = "chua_tung_den"
FEW = 20
"""Growth below so many rows says nothing."""
_SHOWN = 5
_SATURDAY = 5
_WORDS = {"cach_ly": "dòng cách ly chưa sửa", "loi": "lỗi đang mở"}


def counts(paths: DataPaths) -> dict[str, int]:
    """Open quarantined rows and open defects; nothing where a run holds the warehouse or it cannot be read."""
    rows = _ledger(
        paths,
        "SELECT (SELECT count(*) FROM so_cai.dong_cach_ly WHERE sua_lan IS NULL), "
        "(SELECT count(*) FROM so_cai.loi WHERE dong_lan IS NULL)",
    )
    return {"cach_ly": int(rows[0][0]), "loi": int(rows[0][1])} if rows else {}


def _ledger(paths: DataPaths, sql: str) -> list[tuple[Any, ...]]:
    """What the working warehouse answers; nothing where a run holds it or it cannot be read."""
    if not paths.warehouse_file.exists() or not lock.is_free(paths):
        return []
    try:
        with connect(paths.warehouse_file, read_only=True) as connection:
            return connection.execute(sql).fetchall()
    except duckdb.Error:
        return []


def _rhythm(look: Look) -> Iterator[Finding]:
    """Each feed against its promised rhythm, by today, not by the as-of day of a publication that may be old."""
    if not look.paths.marts_file.exists():
        return
    try:
        rows = run_query(look.paths, "SELECT nguon_du_lieu, ngay_du_lieu_cuoi FROM van_hanh.nguon ORDER BY 1").rows
    except QueryError as mistake:
        yield Finding("kho_cong_bo", Level.FAILED, f"Không đọc được bản công bố: {mistake}", None, "Chạy `kho run`.")
        return
    promised = [(str(feed), last, look.settings.nguon[str(feed)]) for feed, last in rows if feed in look.settings.nguon]
    yield from _never([feed for feed, last, _ in promised if last is None])
    for feed, last, rhythm in promised:
        if last is None:
            continue
        # Yesterday's data arrive today: the day that has not ended is not counted. Nothing is owed on a day off.
        late = _working_days(look, last + timedelta(days=rhythm.nhip_ngay))
        if late > 0:
            yield Finding(
                f"nhip:{feed}",
                Level.ATTENTION,
                f"Nguồn {feed}: dữ liệu mới nhất đến {last:%d/%m/%Y}, quá nhịp {rhythm.nhip_ngay} ngày đã {late} "
                "ngày làm việc.",
                datetime.combine(last, datetime.min.time()),
                "Hỏi đơn vị gửi tệp; chép tệp vào raw/ rồi chạy `kho run`.",
            )


def _never(feeds: list[str]) -> Iterator[Finding]:
    """Promised feeds without any data, together: a province may not have all that the shipped settings promise."""
    if feeds:
        yield Finding(
            NEVER_CAME,
            Level.WORK,
            f"{len(feeds)} nguồn đã cam kết nhịp gửi mà chưa từng có dữ liệu: {', '.join(feeds)}.",
            None,
            "Nguồn nào tỉnh có thì hỏi đơn vị gửi tệp (tệp bị từ chối: `kho quarantine list`); nguồn tỉnh không có thì "
            "không phải làm gì.",
            frozenset(f"nguon:{feed}" for feed in feeds),
        )


def _working_days(look: Look, after: date) -> int:
    """Working days after ``after`` that have ended; by the published calendar, else Monday to Friday."""
    yesterday = look.now.date() - timedelta(days=1)
    sql = (
        f"SELECT count(*), count(*) FILTER (la_ngay_lam_viec) FROM tthc.lich WHERE ngay > DATE '{after}' "
        f"AND ngay <= DATE '{yesterday}'"
    )
    days = max((yesterday - after).days, 0)
    try:
        known, working = run_query(look.paths, sql).rows[0]
    except QueryError:
        known, working = 0, 0
    if int(known) == days:
        return int(working)
    return sum((after + timedelta(days=place)).weekday() < _SATURDAY for place in range(1, days + 1))


def _held(look: Look) -> Iterator[Finding]:
    """Groups whose published figures are older than allowed because a gate holds them back."""
    groups = read_listing(look.paths.marts).get("nhom_mart") or {}
    held = sorted(str(name) for name, state in groups.items() if state != "moi")
    if not held:
        return
    since = _held_since(look.paths)
    for group in held:
        begun = since.get(group)
        allowed = timedelta(days=look.settings.giam_sat.giu_lai_ngay)
        if begun is not None and look.now - begun <= allowed:
            continue
        yield Finding(
            f"giu_lai:{group}",
            Level.ATTENTION,
            f"Nhóm {group} bị giữ bản cũ lâu hơn {look.settings.giam_sat.giu_lai_ngay} ngày.",
            begun,
            "Xem lý do bằng `kho status`; sửa dữ liệu hoặc ghi nới lỏng có thời hạn trong expectations/.",
        )


def _held_since(paths: DataPaths) -> dict[str, datetime]:
    """Start of the first run of the row of runs that held each group back, up to the newest."""
    rows = _ledger(
        paths,
        "SELECT q.nhom_mart, min(l.bat_dau) FROM so_cai.quyet_dinh q JOIN so_cai.lan_chay l USING (so_lan) "
        "WHERE q.trang_thai <> 'moi' AND q.so_lan > coalesce((SELECT max(m.so_lan) FROM so_cai.quyet_dinh m "
        "WHERE m.nhom_mart = q.nhom_mart AND m.trang_thai = 'moi'), 0) GROUP BY 1",
    )
    return {str(group): begun for group, begun in rows}


def _growth(look: Look) -> Iterator[Finding]:
    for kind, now in counts(look.paths).items():
        before = look.before.get(kind)
        if before is None or now - before < FEW or now <= before * (1 + look.settings.giam_sat.ty_le_tang):
            continue
        yield Finding(
            f"tang:{kind}:{now}",
            Level.ATTENTION,
            f"Số {_WORDS[kind]} tăng từ {before} lên {now}.",
            None,
            "Xem `kho quarantine list` và `kho defects --out THƯ_MỤC`; nguồn có thể đã đổi mẫu tệp.",
        )


def _awaited(look: Look) -> Iterator[Finding]:
    """Files that were seen and not taken. Their names may hold a person: they are counted, not named."""
    rows = _ledger(
        look.paths,
        "SELECT c.ly_do, count(*), max(l.bat_dau) FROM so_cai.tep_cho c JOIN so_cai.lan_chay l USING (so_lan) "
        "GROUP BY 1 ORDER BY 1",
    )
    for reason, files, begun in rows[:_SHOWN]:
        yield Finding(
            f"tep_cho:{reason}",
            Level.ATTENTION,
            f"{files} tệp đã thấy mà chưa đọc: {reason}.",
            begun,
            "Xem tên tệp bằng `kho status`; chép xong tệp thì chạy `kho run`.",
        )
    refused = _ledger(look.paths, f"SELECT nhan_luc FROM so_cai.tep r WHERE {STILL_REFUSED}")
    if refused:
        yield Finding(
            f"tu_choi:{len(refused)}",
            Level.ATTENTION,
            f"{len(refused)} tệp bị từ chối.",
            min(when for (when,) in refused),
            "Xem `kho quarantine list`: lý do và cách sửa từng tệp.",
        )


def _gone(look: Look) -> Iterator[Finding]:
    """Files once loaded of which ``raw/`` holds none any more."""
    found = raw_gone.gone(_ledger(look.paths, raw_gone.LOADED), look.paths.raw)
    if found:
        yield Finding("raw_mat", Level.ATTENTION, raw_gone.told(found), None, raw_gone.REMEDY)


_WAIVED = """
    SELECT tra_loi = 'het_mien' OR mien_den < $1, mien_den, count(*), list(ma_loi)
    FROM chat_luong.loi WHERE tra_loi IN ('dang_mien', 'het_mien') AND mien_den <= $2 GROUP BY ALL ORDER BY mien_den
"""


def _waivers(look: Look) -> Iterator[Finding]:
    """Defects that their owners called none (“Không phải lỗi”), for a time that is over or nearly so."""
    if not look.paths.marts_file.exists():
        return
    with open_published(look.paths) as connection:
        try:
            today = look.now.date()
            rows = connection.execute(_WAIVED, [today, today + WAIVER_NOTICE]).fetchall()
        except (duckdb.CatalogException, duckdb.BinderException):  # none published, or by an earlier release
            return
    for over in (True, False):
        days = [(until, number, codes) for ended, until, number, codes in rows if ended is over]
        if not days:
            continue
        many = grouped(sum(number for _, number, _ in days))
        first = f"{days[0][0]:%d/%m/%Y}"
        yield Finding(
            f"mien_loi:{'het' if over else 'sap_het'}",
            Level.WORK,
            f"{many} lỗi đơn vị trả lời “Không phải lỗi” đã hết hạn miễn (sớm nhất {first}), lại nằm trong sổ lỗi."
            if over
            else f"{many} lỗi đơn vị trả lời “Không phải lỗi” sắp hết hạn miễn (sớm nhất {first}).",
            datetime.combine(days[0][0], time.min),
            "Gửi lại sổ lỗi (`kho defects --out THƯ_MỤC`) để đơn vị sửa hoặc trả lời lại; quy tắc sai thì nới trong "
            "expectations/.",
            frozenset(f"{code}@{until}" for until, _, codes in days for code in codes),
        )


LOOKS: list[tuple[str, Callable[[Look], Iterator[Finding]]]] = [
    ("nhịp gửi của nguồn", _rhythm),
    ("nhóm bị giữ lại", _held),
    ("dòng cách ly và lỗi", _growth),
    ("hạn miễn lỗi", _waivers),
    ("tệp chưa đọc", _awaited),
    ("tệp gốc trong raw/", _gone),
]
