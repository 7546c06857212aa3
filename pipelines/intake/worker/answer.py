"""What the worker says of one file."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.intake.worker.extraction import Archive, Extract


@dataclass(frozen=True)
class Refusal:
    """The file cannot be read as its feed: the reason of ``FileRefusedError``."""

    reason: str


@dataclass(frozen=True)
class Failure:
    """A fault nobody foresaw: its kind, and its trace, which may quote a value and is for the owner only."""

    kind: str
    trace: str
    memory: bool


@dataclass(frozen=True)
class Answer:
    """``cpu``: seconds of the processor that the file took."""

    result: Extract | Archive | Refusal | Failure
    cpu: float
