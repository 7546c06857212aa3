"""What verdicts that Great Expectations has given say of other shares.

What it is asked of each rule is one expectation: the greatest value of a column that holds one share is at most the
bound. So of one bound a share that passed speaks for every smaller one, and a share that failed for every greater one.
Whenever it is asked it is asked of the two edges of each bound too, the bound itself and the next number above; after
that only another bound or another version of it is a new question.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

RESULT_FILE = "ket_qua_gx.json"
_JUDGE, _SHARE, _BOUND = "nguoi_xet", "ty_le", "nguong"


@dataclass(frozen=True)
class Question:
    """A share in a column of its own, the bound it must keep, and what the result says of it."""

    column: str
    share: float
    bound: float
    severity: str
    meta: Mapping[str, str]

    @property
    def told(self) -> dict[str, str]:
        """``meta`` with both numbers, in a form that a result keeps to the last bit."""
        return {**self.meta, _SHARE: repr(self.share), _BOUND: repr(self.bound)}


class Proof:
    """For each bound the greatest share that passed and the least that failed."""

    def __init__(self, judged: Iterable[tuple[float, float, bool]] = ()) -> None:
        """``judged``: bound, share, whether it passed. Verdicts of a bound that contradict each other are no proof."""
        self._passed: dict[float, float] = {}
        self._failed: dict[float, float] = {}
        for bound, share, passed in judged:
            if passed:
                self._passed[bound] = max(share, self._passed.get(bound, -math.inf))
            else:
                self._failed[bound] = min(share, self._failed.get(bound, math.inf))
        for bound in [b for b, share in self._passed.items() if share >= self._failed.get(b, math.inf)]:
            del self._passed[bound], self._failed[bound]

    def verdict(self, question: Question) -> bool | None:
        """Passed or failed, null where it has to be asked."""
        if question.share <= self._passed.get(question.bound, -math.inf):
            return True
        return False if question.share >= self._failed.get(question.bound, math.inf) else None


def edges(bounds: Iterable[float]) -> list[Question]:
    """The greatest share that each bound lets pass, and the least that it does not."""
    found = []
    for number, bound in enumerate(sorted(set(bounds))):
        for name, share in (("den", bound), ("qua", math.nextafter(bound, math.inf))):
            found.append(Question(f"_{name}_nguong_{number}", share, bound, "info", {}))
    return found


def judge_mark() -> dict[str, str]:
    """Who judges: verdicts of another version prove nothing."""
    return {"great_expectations": version("great_expectations"), "duckdb": duckdb.__version__}


def kept_text(outcome: Mapping[str, Any]) -> str:
    """A validation result as it is kept, with the mark of who judged."""
    return json.dumps({_JUDGE: judge_mark(), **outcome}, ensure_ascii=False, indent=1)


def read_proof(folder: Path) -> Proof:
    """What the kept validation result proves.

    Nothing where it is lost, cut, of another version, or says that an expectation could not be evaluated.
    """
    try:
        kept = json.loads((folder / RESULT_FILE).read_text(encoding="utf-8"))
        results: Sequence[Mapping[str, Any]] = kept["results"]
        whole = len(results) == kept["statistics"]["evaluated_expectations"]
        if kept[_JUDGE] != judge_mark() or not whole or any(r["exception_info"]["raised_exception"] for r in results):
            return Proof()
        return Proof([_judged(item) for item in results])
    except (OSError, ValueError, KeyError, TypeError):
        return Proof()


def _judged(item: Mapping[str, Any]) -> tuple[float, float, bool]:
    meta = item["expectation_config"]["meta"]
    return float(meta[_BOUND]), float(meta[_SHARE]), item["success"] is True
