"""A figure of a paper: what it says, of what, and the question that gives it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pipelines.config.figures import vietnamese

_FINEST = 6

COUNTS = ("hồ sơ", "TTHC", "đơn vị", "phản ánh, kiến nghị", "quyết định", "dịch vụ", "trường hợp", "quyển", "cặp")
SHARE = "%"


@dataclass(frozen=True)
class Figure:
    """``value``: a count, points, or for a share a fraction 0–1 with ``part`` and ``base``; None where ``reason`` says
    why there is none. ``unit`` is printed behind it. ``sql``: the question that gives it again, asked of publication
    ``publication`` (a share: part and base). ``base_words``: what the base counts.
    """

    code: str
    metric: str
    unit: str
    window: str
    scope: str
    as_of: date | None
    publication: str | None
    sql: str
    value: Decimal | None = None
    part: Decimal | None = None
    base: Decimal | None = None
    base_words: str = ""
    reason: str = ""

    @property
    def shown(self) -> str:
        """The value as printed, without its unit unless that is %: ``1.234.567``, ``97,92 %``, ``8,56``, ``–``."""
        if self.value is None:
            return "–"
        if self.unit == SHARE:
            return percent(self.value)
        return number(self.value, 0 if self.value == self.value.to_integral_value() and self.unit != "điểm" else 2)

    @property
    def printed(self) -> str:
        """As it stands in a sentence: value, unit, the base of a share; or why there is none."""
        if self.value is None:
            return f"chưa tính được ({self.reason})"
        if self.unit == SHARE and self.base is not None and self.part is not None:
            return f"{self.shown} ({number(self.part)}/{number(self.base)} {self.base_words})"
        return self.shown if self.unit == SHARE else f"{self.shown} {self.unit}"


@dataclass(frozen=True)
class Field:
    """What a figure is of. A named one may stand in a template as ``so.<name>``; ``code`` never changes from one paper
    to the next."""

    name: str
    code: str
    metric: str
    unit: str


def number(value: Decimal | int, digits: int = 0) -> str:
    """A number in Vietnamese: 1234567.8 → 1.234.567,8. What is not zero is never printed as zero.

    Below zero with a minus: a line may end after a hyphen, which leaves the number without its sign.
    """
    exact = Decimal(value)
    for places in range(digits, max(digits, _FINEST) + 1):
        rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        if rounded != 0 or exact == 0:
            break
    return vietnamese(f"{rounded:,f}").replace("-", "−")


def percent(share: Decimal) -> str:
    """A fraction with two decimals: 0.9874 → 98,74 %; all is ``100 %`` and nothing ``0 %``, and only they are."""
    if share in (0, 1):
        return f"{int(share * 100)} %"
    exact = share * 100
    for places in range(2, _FINEST + 1):
        rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        if rounded not in (0, 100):
            break
    return vietnamese(f"{rounded:,f}") + " %"


def change(now: Decimal, before: Decimal, unit: str) -> str:
    """How ``now`` stands to ``before`` in words; of shares the difference is in percentage points."""
    by = now - before
    if by == 0:
        return "không đổi"
    word = "tăng" if by > 0 else "giảm"
    if unit == SHARE:
        return f"{word} {number(abs(by) * 100, 2)} điểm phần trăm"
    return f"{word} {number(abs(by), 2 if unit == 'điểm' else 0)} {unit}"
