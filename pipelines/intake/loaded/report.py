"""What became of the files of one run, for those who tell of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.intake.loaded.ledger import LOADED, REFUSED
from pipelines.intake.loaded.load import Counts

IGNORED = "bo_qua"
AWAITED = "cho"
KNOWN = "da_biet"


@dataclass(frozen=True)
class FileReport:
    """What became of one file in this run.

    ``status``: ``da_nap``, ``tu_choi``, ``trung``, ``da_biet`` (read in an earlier run), ``cho`` (left for the next
    run) or ``bo_qua``.
    """

    path: str
    feed: str | None
    status: str
    reason: str | None = None
    counts: Counts = field(default_factory=Counts)
    unknown_columns: tuple[str, ...] = ()


@dataclass
class IntakeReport:
    """All files of the run, in order of their paths."""

    files: list[FileReport] = field(default_factory=list)

    @property
    def totals(self) -> dict[str, Counts]:
        """Rows a feed, over the files loaded in this run."""
        result: dict[str, Counts] = {}
        for item in self.files:
            if item.status == LOADED and item.feed is not None:
                have, new = result.get(item.feed, Counts()), item.counts
                result[item.feed] = Counts(
                    have.read + new.read,
                    have.loaded + new.loaded,
                    have.quarantined + new.quarantined,
                    have.repeated + new.repeated,
                )
        return result

    @property
    def refused(self) -> list[FileReport]:
        """Files refused in this run, those refused before and still there included."""
        return [item for item in self.files if item.status == REFUSED]
