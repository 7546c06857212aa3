"""A flame graph of a night by step: where the wall time of each step goes, function by function.

    python -m benchmarks.flame --out docs/hinh/dem.svg    # three months of a province loaded, then the night sampled
    python -m benchmarks.flame --data FOLDER              # over a folder that benchmarks.night has left

Every thread that is not waiting is looked at a hundred times a second; a statement of DuckDB counts for the function
that asked it. Frames of less than half a hundredth of the whole are left out. Width is time; the steps are at the
bottom, in their order.
"""

from __future__ import annotations

import argparse
import html
import os
import sys
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from benchmarks import night
from benchmarks.looking_on import looking_on
from pipelines.job import load_job

EVERY = 0.01
WAITING = ("threading", "queue", "multiprocessing", "concurrent", "selectors", "socket", "benchmarks", "time")
"""Modules whose function at the top of a stack means that the thread waits (or is this one's)."""
MACHINERY = ("benchmarks", "__main__", "runpy", "threading", "multiprocessing", "concurrent", "contextlib", "click")
"""Modules left out of a stack: what starts threads, and what calls a macro's text."""
DEPTH = 26
LEAST = 0.005
WIDTH, ROW = 1200, 17


@dataclass
class Frame:
    """A function below another one: samples in it and in what it called."""

    count: int = 0
    below: dict[str, Frame] = field(default_factory=dict)

    def add(self, stack: list[str]) -> None:
        """One sample; ``stack`` from the outermost function on."""
        self.count += 1
        if stack:
            self.below.setdefault(stack[0], Frame()).add(stack[1:])


@dataclass
class Sampler:
    """Adds up the stacks of all other threads; ``step`` names what is going on."""

    root: Frame = field(default_factory=Frame)
    step: str = ""

    def look(self) -> None:
        """One sample of every thread that does not wait."""
        own = threading.get_ident()
        for thread, frame in sys._current_frames().items():
            if thread != own and not _module(frame).startswith(WAITING):
                self.root.add([self.step, *_stack(frame)][:DEPTH])


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _stack(frame: FrameType | None) -> list[str]:
    """Functions from the outermost on."""
    names: list[str] = []
    while frame is not None:
        module = _module(frame)
        if module and "jinja" not in module and not module.startswith(MACHINERY):
            name = f"{module}.{frame.f_code.co_name}"
            if not names or names[-1] != name:
                names.append(name)
        frame = frame.f_back
    return names[::-1]


def svg(root: Frame, title: str) -> str:
    """The graph; outermost functions at the bottom."""
    boxes = list(_boxes(root, root.count, 0.0, 0))
    height = (max((depth for depth, _ in boxes), default=0) + 3) * ROW
    top = ROW - height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {top} {WIDTH} {height}" font-family="sans-serif" '
        f'font-size="11"><rect y="{top}" width="{WIDTH}" height="{height}" fill="#fff"/>'
        f'<text x="4" y="{top + 13}" font-weight="bold">{html.escape(title)}</text>'
        + "".join(box for _, box in boxes)
        + "</svg>\n"
    )


def _boxes(frame: Frame, whole: int, left: float, depth: int) -> Iterator[tuple[int, str]]:
    """Depth and box of every function below ``frame`` that is wide enough."""
    for name, child in frame.below.items():
        if child.count >= LEAST * whole:
            yield depth, _box(name, child.count / whole, left, depth)
            yield from _boxes(child, whole, left, depth + 1)
            left += child.count / whole


def _box(name: str, share: float, left: float, depth: int) -> str:
    x, width, y = left * WIDTH, share * WIDTH, -depth * ROW
    hue = 20 + zlib.crc32(name.partition(".")[0].encode()) % 200
    short = name if "." not in name else ".".join(name.split(".")[-2:])
    label = short[: int(width / 6.2)] if width > 30 else ""
    return (
        f'<g><title>{html.escape(name)}: {share:.1%}</title><rect x="{x:.1f}" y="{y}" width="{width:.1f}" '
        f'height="{ROW - 1}" fill="hsl({hue},70%,78%)"/>'
        f'<text x="{x + 2:.1f}" y="{y + 12}">{html.escape(label)}</text></g>'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder that benchmarks.night has left; without one, a new one")
    parser.add_argument("--out", type=Path, default=Path("build/dem.svg"))
    given = parser.parse_args()
    os.environ.setdefault("KHO_KHOA_BI_MAT", "b" * 64)
    sampler = Sampler()
    with night.folder(given.data) as root:
        job = load_job(root)
        if not job.paths.warehouse_file.exists():
            night.load(job, months=3, dossiers=40_000, records=200_000)
        as_of, rows, _ = night.next_day(job)
        with looking_on(EVERY, sampler.look):
            night.night(job, as_of, on_step=lambda name: setattr(sampler, "step", name))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(svg(sampler.root, f"Một đêm có thay đổi, {rows:,} hồ sơ đã có"), encoding="utf-8")


if __name__ == "__main__":
    main()
