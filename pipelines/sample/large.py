"""Large samples, streamed by month in chunks: province (2 million dossiers) and national (60 million)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    months: int


PROVINCE = Scale(24)
NATIONAL = Scale(12)


def write_large(context, scale, progress): ...
