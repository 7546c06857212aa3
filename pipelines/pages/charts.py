"""Charts as SVG without script: bars with a mark, a line over months. The table beside each holds its figures.

Altair is in the lock but draws only by a script in the reader's browser (0.9 MB a page); what renders it without one is
not, so the two shapes needed are drawn here.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

_WIDTH, _BAR, _STEP = 640, 18, 56
_NAME, _TOP = 20, 28
_LINE_HEIGHT = 190


def bars(rows: Sequence[tuple[str, float | None, float | None, str]], label: str) -> Markup:
    """Horizontal bars: name, part of the full width (0–1, null: none), part at which a mark stands, figure in words."""
    height = len(rows) * _STEP
    parts = []
    for place, (name, part, mark, words) in enumerate(rows):
        top = place * _STEP
        parts.append(
            Markup('<text x="0" y="{}">{}</text><text x="{}" y="{}" class="phai">{}</text>').format(
                top + _NAME, name, _WIDTH, top + _NAME, words
            )
        )
        parts.append(Markup('<rect class="nen" x="0" y="{}" width="{}" height="{}"/>').format(top + _TOP, _WIDTH, _BAR))
        if part is not None:
            width = round(_WIDTH * min(max(part, 0), 1), 1)
            parts.append(
                Markup('<rect class="cot" x="0" y="{}" width="{}" height="{}"/>').format(top + _TOP, width, _BAR)
            )
        if mark is not None:
            x = round(_WIDTH * min(max(mark, 0), 1), 1)
            parts.append(Markup('<path class="moc" d="M{} {}v{}"/>').format(x, top + _TOP - 3, _BAR + 6))
    return _svg(height, label, Markup("").join(parts))


def line(points: Sequence[tuple[str, float | None]], label: str) -> Markup:
    """A share (0–1) over months: name and value, null where there is none; the axis tells its own bounds."""
    known = [value for _, value in points if value is not None]
    if len(known) < 2:  # one point is no line
        return Markup("")
    low, high = min(known), max(known)
    low, high = max(0.0, low - 0.02), min(1.0, high + 0.02)
    left, right, top, bottom = 84, 46, 14, 34  # a phone shows letters of 21 units: “100,0%” is 75 wide, a month 88
    step = (_WIDTH - left - right) / max(len(points) - 1, 1)
    tall = _LINE_HEIGHT - top - bottom

    def y(value: float) -> float:
        return round(top + tall * (high - value) / (high - low), 1)

    parts = []
    for mark in (low, (low + high) / 2, high):
        parts.append(
            Markup('<path class="luoi" d="M{} {}H{}"/><text x="{}" y="{}" class="phai">{}</text>').format(
                left, y(mark), _WIDTH - right, left - 6, y(mark) + 5, f"{100 * mark:.1f}".replace(".", ",") + "%"
            )
        )
    drawn, pen = [], "M"
    every = max(1, (len(points) + 4) // 5)
    for place, (name, value) in enumerate(points):
        x = round(left + place * step, 1)
        if place % every == (len(points) - 1) % every:
            parts.append(Markup('<text x="{}" y="{}" class="giua">{}</text>').format(x, _LINE_HEIGHT - 8, name))
        if value is None:
            pen = "M"
            continue
        drawn.append(f"{pen}{x} {y(value)}")
        pen = "L"
        parts.append(Markup('<circle cx="{}" cy="{}" r="3.5"/>').format(x, y(value)))
    parts.append(Markup('<path class="duong" d="{}"/>').format("".join(drawn)))
    return _svg(_LINE_HEIGHT, label, Markup("").join(parts))


def _svg(height: int, label: str, inner: Markup) -> Markup:
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(_WIDTH, height, label, inner)
