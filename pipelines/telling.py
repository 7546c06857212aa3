"""After a publication: each agency that ``giam_sat.thu_don_vi`` names is told of its own list, where it has grown.

A letter holds counts by kind and where the list lies, no dossier and no person; the workbook beside it is made first.
An alert is told once, and once more when it gets worse. Whatever goes wrong here is a sentence, never a failed night.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.config.disk import why, write_whole
from pipelines.config.figures import day, grouped
from pipelines.config.paths import INTERNAL_DIR, DataPaths
from pipelines.config.traces import keep_trace
from pipelines.config.watching import Watching
from pipelines.pages.words import file_name
from pipelines.pages.work import Work, WorkError, work_of
from pipelines.pages.writing import PageError, write_work
from pipelines.publish.query import QueryLimits, open_published
from pipelines.upkeep.notify import Post, SendError, mail_server
from pipelines.upkeep.watch_alerts import Open, unseen
from pipelines.warehouse.agencies import UnknownAgencyError, agency_names, known_agency, taken_over

STATE = "thu_don_vi.json"
Told = dict[str, list[str]]
"""Agency → parts of alerts that it was told of and that are still open."""


def tell_agencies(paths: DataPaths, settings: Watching, limits: QueryLimits) -> list[str]:
    """Send what is new; returns sentences for what did not go out, [] where all did or nothing is set."""
    if settings.thu is None or not settings.thu_don_vi:
        return []
    try:
        return _tell(paths, settings, limits)
    except Exception as error:  # noqa: BLE001 - the figures are published; its text may quote data
        file = keep_trace(paths, error, "loi_thu_don_vi.txt")
        return [
            f"Không gửi được thư việc của đơn vị vì lỗi {type(error).__name__}; chi tiết (chỉ chủ thư mục đọc được) ở "
            f"lam_viec/{file.name}."
        ]


def _tell(paths: DataPaths, settings: Watching, limits: QueryLimits) -> list[str]:
    told = _read(paths)
    after: Told = {}
    failed: list[str] = []
    letters: list[tuple[str, str, str, str]] = []
    with open_published(paths, limits) as connection:
        by_agency: dict[str | None, list[Open]] = {}
        for alert in unseen(connection, ()):
            by_agency.setdefault(alert.agency, []).append(alert)
        names = agency_names(connection)
        for named, address in sorted(settings.thu_don_vi.items()):
            try:
                agency = known_agency(named, names) if names else named
            except UnknownAgencyError as mistake:
                failed.append(f"giam_sat.thu_don_vi trong orchestration.yaml: {mistake}")
                continue
            mine = [alert for code in sorted(taken_over(connection, agency)) for alert in by_agency.get(code, [])]
            fresh = [alert for alert in mine if alert.part not in told.get(agency, ())]
            after[agency] = sorted(alert.part for alert in mine)
            if fresh:
                try:
                    subject, text = _letter(paths, connection, agency, mine, fresh)
                    letters.append((agency, address, subject, text))
                except (WorkError, UnknownAgencyError, PageError) as mistake:
                    after[agency] = sorted(told.get(agency, []))
                    failed.append(f"Chưa gửi thư việc của đơn vị {agency}: {mistake}")
    for agency, sentence in _send(settings, letters).items():
        after[agency] = sorted(told.get(agency, []))
        if sentence not in failed:
            failed.append(sentence)
    if after != told:
        write_whole(paths.operations / STATE, json.dumps(after, ensure_ascii=False))
    return failed


def _send(settings: Watching, letters: Iterable[tuple[str, str, str, str]]) -> dict[str, str]:
    """Send all over one connection; agency → why its letter did not go out. A server that is away is asked once."""
    waiting = {agency: (address, subject, text) for agency, address, subject, text in letters}
    failed: dict[str, str] = {}
    if not waiting or settings.thu is None:
        return failed
    try:
        with mail_server(settings.thu) as post:
            for agency in list(waiting):
                failed |= _one(post, agency, *waiting[agency])
                del waiting[agency]
    except SendError as error:
        if waiting:
            return failed | dict.fromkeys(waiting, f"{error} {len(waiting)} thư việc của đơn vị chờ đêm sau.")
    return failed


def _one(post: Post, agency: str, address: str, subject: str, text: str) -> dict[str, str]:
    try:
        post([address], subject, text)
    except SendError as error:
        return {agency: f"Đơn vị {agency}: {error}"}
    return {}


def _letter(
    paths: DataPaths, connection: duckdb.DuckDBPyConnection, agency: str, mine: list[Open], fresh: list[Open]
) -> tuple[str, str]:
    """Subject and text, and the workbook they name. Raises ``WorkError`` and ``PageError``."""
    work = work_of(connection, agency)
    book = _workbook(paths, work, agency)
    new = Counter(alert.words for alert in fresh)
    lines = [f"Việc đang chờ của đơn vị {agency}, số liệu đến hết ngày {day(work.as_of)}:", ""]
    for words in sorted({alert.words for alert in mine}):
        of = [alert for alert in mine if alert.words == words]
        items, red = sum(alert.items for alert in of), sum(alert.red for alert in of)
        lines.append(
            f"- {words}: {grouped(items)} việc"
            + (f", {grouped(red)} cảnh báo mức đỏ" if red else "")
            + (f"; {grouped(new[words])} cảnh báo mới hoặc nặng thêm" if new[words] else "")
        )
    lines += [
        "",
        "Việc cần làm: mở danh sách, xử lý việc mức đỏ trước; việc đã nhận thì nhờ quản trị kho ghi là đã xem "
        f"(kho work --da-xem --don-vi {agency}), kho chỉ báo lại khi nặng thêm.",
        f"Danh sách từng việc: tệp {book.name} ở mục Văn bản của giao diện kho (/van_ban/), hoặc kho work --don-vi "
        f"{agency} --out TỆP.xlsx trên máy chủ.",
    ]
    return f"[Kho 06] {grouped(len(fresh))} cảnh báo mới, số liệu {day(work.as_of)}", "\n".join(lines)


def _workbook(paths: DataPaths, work: Work, agency: str) -> Path:
    try:
        paths.papers.mkdir(mode=INTERNAL_DIR, exist_ok=True)
    except OSError as failure:
        raise PageError(f"không tạo được {paths.papers}: {why(failure)}.") from None
    book = paths.papers / f"viec_{Path(file_name(agency)).stem}.xlsx"
    write_work(work.rows, f"Việc đang chờ, số liệu đến hết ngày {day(work.as_of)}", book)
    return book


def _read(paths: DataPaths) -> Told:
    """What was told; a state file that is absent or damaged is as if nothing had been."""
    try:
        said = json.loads((paths.operations / STATE).read_text(encoding="utf-8"))
        return {str(agency): [str(part) for part in parts] for agency, parts in said.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
