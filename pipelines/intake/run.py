"""The intake of one run: every new file read, loaded or refused; one transaction a file."""

from __future__ import annotations

import hashlib
import os
import traceback
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime

import duckdb

from pipelines.config import space
from pipelines.config.disk import sha256_of
from pipelines.config.kept_name import within
from pipelines.config.paths import DataPaths
from pipelines.config.secret import secret_key
from pipelines.config.traces import keep_text
from pipelines.contracts.model import CodeList, Contract
from pipelines.intake import masking
from pipelines.intake.errors import FileRefusedError
from pipelines.intake.found.fingerprint import file_id
from pipelines.intake.found.scan import CLOSED_FILE, PARTIAL, FoundFile, scan
from pipelines.intake.found.source import Member
from pipelines.intake.found.stillness import still_being_written
from pipelines.intake.laid_out.layout import batches
from pipelines.intake.limits import Limits
from pipelines.intake.loaded import quarantine
from pipelines.intake.loaded.contract_digest import contract_digest
from pipelines.intake.loaded.ledger import COPY, LOADED, REFUSED, Entry, Ledger, copied, enter_awaited
from pipelines.intake.loaded.load import FileLoad, Origin, Times
from pipelines.intake.loaded.report import AWAITED, IGNORED, KNOWN, FileReport, IntakeReport
from pipelines.intake.loaded.transactions import steadily
from pipelines.intake.typed.conform import conform
from pipelines.intake.worker.extraction import Archive, Extract
from pipelines.intake.worker.process import ReaderProcess, ReadingFailedError
from pipelines.warehouse.database import transaction

Progress = Callable[[str, int, int], None]
"""Called before each file with its path below ``raw/``, its number from 1, and the number of files."""

_UNEXPECTED = (
    "Lỗi ngoài dự kiến khi nạp tệp ({kind}); tệp được giữ nguyên và sẽ thử lại ở lần chạy sau. "
    "Nếu vẫn lỗi, hãy báo người quản trị kho."
)
_STILL_WRITTEN = "tệp còn đang được ghi; sẽ đọc ở lần chạy sau"
_TRACES = "loi_tep"
"""Below ``lam_viec/``: the trace of each file that failed in a way nobody foresaw, by its id."""


def ingest(
    paths: DataPaths,
    connection: duckdb.DuckDBPyConnection,
    contracts: dict[str, Contract],
    code_lists: dict[str, CodeList],
    *,
    now: datetime,
    run_number: int,
    limits: Limits,
    progress: Progress | None = None,
    only: Collection[str] | None = None,
    reader: ReaderProcess | None = None,
) -> IntakeReport:
    """Read every file below ``paths.raw`` that is not in the ledger yet; refused files are tried again.

    So is a loaded file that left something open (unknown columns, quarantined rows, unread values) once its
    contract or a code list has changed: its rows are replaced in one transaction. ``only`` names files (paths
    below ``raw/``) that are read again whatever has changed; no other file is looked at then.

    ``now`` (naive Vietnam time) and ``run_number`` are the run's. The ledger row of a file, its rows and its
    quarantine are one transaction: a run that is cut off loses nothing and doubles nothing. Refused files and
    quarantined rows are results; so is a file that fails in a way nobody foresaw. Raises ``duckdb.Error`` where
    the warehouse file itself fails (disk full, out of memory).

    Bytes are read by ``reader``, a process of its own that starts with the first file to read; without one given,
    one is made and ended here.
    """
    session = IntakeSession(
        paths, connection, contracts, code_lists, now=now, run_number=run_number, limits=limits, only=only, given=reader
    )
    with closing(session):
        return session.take_all(progress)


class IntakeSession:
    """The intake of one run, feed by feed: ``take`` each of ``feeds``, then ``finish``; see ``ingest``.

    To be closed, also where it fails.
    """

    def __init__(
        self,
        paths: DataPaths,
        connection: duckdb.DuckDBPyConnection,
        contracts: dict[str, Contract],
        code_lists: dict[str, CodeList],
        *,
        now: datetime,
        run_number: int,
        limits: Limits,
        only: Collection[str] | None = None,
        given: ReaderProcess | None = None,
    ) -> None:
        self._reader = given or ReaderProcess(contracts, code_lists, limits, paths.working)
        self._ends_reader = given is None
        self._run = _Intake(paths, connection, contracts, code_lists, now, run_number, limits, self._reader, only)
        self._only = only
        found, ignored = scan(paths.raw, contracts)
        if only is not None:
            found, ignored = [item for item in found if self._run.is_wanted(item)], []
        self._report = IntakeReport(
            [FileReport(i.name, None, AWAITED if i.reason == PARTIAL else IGNORED, i.reason) for i in ignored]
        )
        self._moving = still_being_written(found, limits.still_seconds)
        held = [item for item in found if item.name in self._moving]
        self._taken = {item.name: FileReport(item.name, item.feed, AWAITED, _STILL_WRITTEN) for item in held}
        self._found = [item for item in found if item.name not in self._moving]
        self._done = 0
        self._run.forget_opened(self._found)

    def close(self) -> None:
        """End the process that reads, unless it was ``given``."""
        if self._ends_reader:
            self._reader.close()

    @property
    def feeds(self) -> list[str | None]:
        """Feeds with files to look at, in the order of their names; None: files of no feed."""
        return sorted({item.feed for item in self._found}, key=lambda feed: feed or "")

    def take(self, feed: str | None, progress: Progress | None = None) -> list[FileReport]:
        """Read every file of ``feed``; what became of each."""
        made: dict[str, FileReport] = {}
        with steadily(self._run.connection):
            found = [item for item in self._found if item.feed == feed]
            # Of files with the same bytes the one that was loaded before comes first, also after a rebuild.
            for item in sorted(found, key=lambda found: self._run.ledger.was_a_copy(found.name)):
                self._done += 1
                if progress is not None:
                    progress(item.name, self._done, len(self._found))
                made |= {report.path: report for report in self._run.take(item)}
        self._taken |= made
        return list(made.values())

    def take_all(self, progress: Progress | None = None) -> IntakeReport:
        """``take`` every feed and ``finish``."""
        for feed in self.feeds:
            self.take(feed, progress)
        return self.finish()

    def finish(self) -> IntakeReport:
        """Read again what files read again have shaken; settle what became of every file."""
        run, taken = self._run, self._taken
        if self._only is not None:
            taken = {name: made for name, made in taken.items() if name in self._only}
        run.only = None
        if run.shaken:
            with steadily(run.connection):
                for item in scan(run.paths.raw, run.contracts)[0]:
                    again = run.take(item) if item.name not in self._moving and run.is_shaken(item) else []
                    taken |= {made.path: made for made in again if made.status != KNOWN}
        report = self._report
        report.files += [run.settle(item) for item in taken.values()]
        report.files.sort(key=lambda item: item.path)
        waiting = [(item.path, item.reason) for item in report.files if item.status == AWAITED]
        enter_awaited(run.connection, run.run_number, waiting)
        masking.refresh(run.connection, run.contracts.values())
        return report


@dataclass
class _Intake:
    paths: DataPaths
    connection: duckdb.DuckDBPyConnection
    contracts: dict[str, Contract]
    code_lists: dict[str, CodeList]
    now: datetime
    run_number: int
    limits: Limits
    reader: ReaderProcess
    only: Collection[str] | None = None
    """Files that are read again whatever has changed."""
    shaken: set[str] = field(default_factory=set)
    """Files that may share states which a file read again does not show any more: they are read again too."""

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.connection)
        self._secret = secret_key()
        self._digests: dict[str, str] = {}
        self._settled: set[str] = set()

    def take(self, item: FoundFile) -> list[FileReport]:
        """Whatever has to be done with one file, or with each file of a zip."""
        if item.refusal is not None:
            return [self._refuse_unopened(item)]
        try:
            before = item.path.stat()
            sha256 = sha256_of(item.path)
        except FileNotFoundError:
            return [FileReport(item.name, item.feed, IGNORED, "tệp vừa bị xóa hoặc đổi tên")]
        except OSError:
            return [self._refuse_unopened(replace(item, refusal=CLOSED_FILE))]
        members = self.ledger.members(item.name, sha256)
        if members is None:
            report = self._take_one(item, sha256, before)
            if isinstance(report, FileReport):
                return [report]
            members = report.members
            self._remember_members(item, sha256, members)
        return [self._take_member(item, member, before) for member in members]

    def _take_member(self, archive: FoundFile, member: Member, before: os.stat_result) -> FileReport:
        name = f"{archive.name}/{member.name}"
        item = replace(archive, name=name, refusal=member.refusal, member=member)
        report = self._take_one(item, member.sha256, before)
        if isinstance(report, Archive):
            raise TypeError(name)
        return report

    def _remember_members(self, item: FoundFile, sha256: str, members: tuple[Member, ...]) -> None:
        with transaction(self.connection):
            self.ledger.enter_members(item.name, sha256, members)
            self.ledger.forget(item.name)

    def _take_one(self, item: FoundFile, sha256: str, before: os.stat_result) -> FileReport | Archive:
        known = self.ledger.known(item.name, sha256)
        if known is not None and known.status == LOADED:
            if not self._to_read_again(known):
                return FileReport(item.name, item.feed, KNOWN)
            self.shaken.discard(known.file_id)
            return self._read_and_load(item, known, sha256, before)
        copy = self.ledger.loaded_copy(item.feed, sha256)
        if copy is not None:
            return self._enter_copy(item, known, sha256, item.member.size if item.member else before.st_size, copy)
        return self._read_and_load(item, known, sha256, before)

    def is_wanted(self, item: FoundFile) -> bool:
        """Whether this path, or a file in this zip, is one of ``only``."""
        return any(within(name, item.name) for name in self.only or ())

    def forget_opened(self, found: list[FoundFile]) -> None:
        """Folders that could not be read before and can be now are no fault any more."""
        closed = {item.name for item in found if item.refusal is not None}
        for name in self.ledger.closed_folders():
            if name not in closed and self.only is None:
                self.ledger.forget(name)

    def is_shaken(self, item: FoundFile) -> bool:
        """Whether this path is one of ``shaken``."""
        return any(known.file_id in self.shaken for known in self.ledger.loaded(item.name))

    def _to_read_again(self, known: Entry) -> bool:
        if (self.only is not None and known.name in self.only) or known.file_id in self.shaken:
            return True
        return known.open and known.contract != self._digest_of(known.feed or "")

    def _digest_of(self, feed: str) -> str | None:
        if feed not in self._digests and feed in self.contracts:
            self._digests[feed] = contract_digest(self.contracts[feed], self.code_lists)
        return self._digests.get(feed)

    def _read_and_load(
        self, item: FoundFile, known: Entry | None, sha256: str, before: os.stat_result
    ) -> FileReport | Archive:
        entry = self._new_entry(item, known, sha256, item.member.size if item.member else before.st_size)
        try:
            contract = self._contract_of(item)
            read = self._read(item, contract)
            after = item.path.stat()
        except FileRefusedError as refusal:
            trace = refusal.trace if isinstance(refusal, ReadingFailedError) else None
            return self._refuse_or_keep(entry, known, str(refusal), trace)
        except OSError:
            return FileReport(item.name, item.feed, AWAITED, "tệp bị xóa hoặc đổi chỗ trong lúc đọc")
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            return FileReport(item.name, item.feed, AWAITED, _STILL_WRITTEN)
        if isinstance(read, Archive):
            return read
        try:
            return self._load(entry, contract, read, again=known is not None and known.status == LOADED)
        except (duckdb.IOException, duckdb.FatalException, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:
            if isinstance(error, duckdb.Error) and space.lack_of(error) is not None:  # no fault of the file
                raise
            trace = "".join(traceback.format_exception(error))
            return self._refuse_or_keep(entry, known, _UNEXPECTED.format(kind=type(error).__name__), trace)

    def _refuse_or_keep(self, entry: Entry, known: Entry | None, reason: str, trace: str | None = None) -> FileReport:
        """A loaded file that cannot be read again keeps what was loaded of it; ``trace`` is for the owner only."""
        if trace:
            keep_text(self.paths, trace, f"{_TRACES}/{entry.file_id}.txt")
        if known is not None and known.status == LOADED:
            return FileReport(entry.name, entry.feed, KNOWN, reason)
        return self._refuse(entry, known, reason)

    def settle(self, report: FileReport) -> FileReport:
        """A refused file whose very bytes were loaded from a later path (right name or suffix) is a copy."""
        if report.status != REFUSED:
            return report
        entry = self.ledger.not_loaded(report.path)
        if entry is not None and entry.status == COPY:
            return FileReport(entry.name, entry.feed, COPY, entry.reason)
        copy = self.ledger.loaded_copy(entry.feed, entry.sha256) if entry and entry.sha256 else None
        return report if entry is None or copy is None else self._enter(copied(entry, copy))

    def _new_entry(self, item: FoundFile, known: Entry | None, sha256: str, size: int) -> Entry:
        if known is not None:
            identity, name, first_seen = known.file_id, known.name, known.first_seen  # as kept: it may be masked
            run_number = known.run_number if known.status == LOADED else self.run_number
        else:
            run_number, name = self.run_number, item.name
            identity = file_id(sha256, item.name, first=True)
            if not self.ledger.id_is_free(identity):
                identity = file_id(sha256, item.name, first=False)
            first_seen = self.now
        return Entry(identity, item.feed, name, sha256, size, first_seen, run_number, LOADED)

    def _contract_of(self, item: FoundFile) -> Contract:
        if item.feed is None:
            feeds = ", ".join(sorted(self.contracts))
            raise FileRefusedError(
                "Thư mục chứa tệp không phải một nguồn dữ liệu. Hãy chuyển tệp vào raw/<hệ thống>/<nguồn>/; "
                f"các nguồn: {feeds}."
            )
        return self.contracts[item.feed]

    def _read(self, item: FoundFile, contract: Contract) -> Extract | Archive:
        if item.refusal is not None:
            raise FileRefusedError(item.refusal)
        place = item.member.place if item.member else None
        with item.path.open("rb") as file:
            return self.reader.read(file, contract.feed, item.path.name, place)

    def _load(self, entry: Entry, contract: Contract, read: Extract, *, again: bool) -> FileReport:
        former_id = entry.file_id
        with transaction(self.connection):
            entry, renamed = (entry, None) if again else self.ledger.take_name_of_bytes(entry)
            origin = Origin(entry.file_id, entry.sha256 or "", self.now)
            load = FileLoad(self.connection, contract, origin, self._secret)
            before = load.withdraw() if again else None
            former = quarantine.withdraw(self.connection, entry.file_id) if again else None
            if again:
                self.ledger.withdraw(entry.file_id)
            for batch, first in reversed(list(batches(read.tables, self.limits.batch_rows))):
                load.add(batch, first, conform(batch, contract, self.code_lists, self._secret))
            times = Times(read.exported, load.last_event, entry.first_seen, read.window)
            counts = load.finish(times)
            if former is not None:
                quarantine.keep_mended(self.connection, entry.file_id, former, read.tables, self.run_number)
            self.ledger.enter_sheets(entry.file_id, read.tables)
            self.ledger.enter_doubts(entry.file_id, read.tables)
            unknown = self.ledger.enter_unknown_columns(contract.feed, entry.file_id, read.tables)
            digest = self._digest_of(contract.feed)
            done = replace(
                entry, counts=counts, times=times, contract=digest, unknown_columns=len(unknown), reason=read.note
            )
            self.ledger.enter(done)
            shaken: set[str] = set()
            if before is not None and before.height and load.missing(before):
                shaken = self.ledger.sharing_states(contract.feed, contract.table, entry.file_id)
        for trace in {former_id, entry.file_id}:
            (self.paths.working / _TRACES / f"{trace}.txt").unlink(missing_ok=True)
        self.shaken |= shaken - self._settled
        self._settled.add(entry.file_id)
        self.ledger.remember(done, *([renamed] if renamed else []))
        return FileReport(entry.name, entry.feed, LOADED, read.note, counts, tuple(unknown))

    def _refuse(self, entry: Entry, known: Entry | None, reason: str) -> FileReport:
        twin = self.ledger.refused_copy(entry.feed, entry.name, entry.sha256 or "") if entry.sha256 else None
        if known is not None and known.status == COPY:
            return FileReport(entry.name, entry.feed, COPY, known.reason)
        if twin is not None and known is None:
            reason = f"Trùng từng byte với tệp “{twin.name}” đã bị từ chối: {twin.reason}"
            return self._enter(replace(entry, status=COPY, reason=reason))
        if known is not None and known.reason == reason:
            return FileReport(entry.name, entry.feed, REFUSED, reason)
        first = known.run_number if known is not None else self.run_number
        return self._enter(replace(entry, status=REFUSED, reason=reason, run_number=first))

    def _refuse_unopened(self, item: FoundFile) -> FileReport:
        if (known := self.ledger.known(item.name, None)) is not None:
            return FileReport(item.name, item.feed, REFUSED, known.reason)
        identity = "lk" + hashlib.sha256(item.name.encode("utf-8")).hexdigest()[:14]
        entry = Entry(identity, item.feed, item.name, None, None, self.now, self.run_number, REFUSED, item.refusal)
        return self._enter(entry)

    def _enter_copy(self, item: FoundFile, known: Entry | None, sha256: str, size: int, copy: Entry) -> FileReport:
        if known is not None and known.status == COPY:
            return FileReport(item.name, item.feed, KNOWN, known.reason)
        entry = self._new_entry(item, known, sha256, size)
        return self._enter(copied(entry, copy))

    def _enter(self, entry: Entry) -> FileReport:
        with transaction(self.connection):
            self.ledger.enter(entry)
        self.ledger.remember(entry)
        return FileReport(entry.name, entry.feed, entry.status, entry.reason)
