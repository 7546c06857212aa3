"""Refusals: what is wrong with a whole file, in Vietnamese, without a single cell value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class FileRefusedError(Exception):
    """The file cannot be read as its feed; ``str()`` is the reason printed to the operator.

    The reason names sheet, row or column and says what to do. It never quotes a data cell (rule of
    ``privacy`` point 4); header texts are allowed, cleaned and shortened by ``printable``.
    """


class ColumnsMissingError(FileRefusedError):
    """A table lacks needed columns of its feed; ``headers`` are those it has."""

    def __init__(self, reason: str, headers: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.headers = tuple(headers)


def printable(text: str, limit: int = 60) -> str:
    """A header or file name made safe for a message: one line, no control characters, at most ``limit``."""
    cleaned = "".join(ch if ch.isprintable() else " " for ch in text)
    cleaned = " ".join(cleaned.split())
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


@contextmanager
def refusing(reason: str) -> Iterator[None]:
    """Turn whatever a native reader raises on a damaged file, panics included, into a refusal with ``reason``.

    The original text is dropped on purpose: native readers quote the line or value they stumble over.
    """
    try:
        yield
    except (FileRefusedError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException:  # noqa: BLE001 - native panics are no subclass of Exception
        raise FileRefusedError(reason) from None
