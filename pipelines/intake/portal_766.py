"""Reader of ``bo_chi_so_766/diem``: the portal's own answers and boards, turned into the feed's long form.

What is accepted beside the long form (spec ``feeds`` §4): JSON answers of the evaluation API of 2026 (a list of
metrics, or a tree of agencies; alone, or several groups in one document), its trees saved as a table, boards
with one row an agency and one column an indicator group, the board before 2026 among them. The result is a
``RawSheet`` with canonical headers, so everything after this module is the ordinary path.

What is not in a source is not invented. A metric or agency without a score (not applicable, or shown without
points) has no row, as the feed holds published points; zero is a score and is kept. Where a source does not say
when it was fetched, ``thoi_diem_lay`` is the last day of its period.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.contracts.loader import load_code_lists
from pipelines.contracts.model import Contract
from pipelines.contracts.normal_form import normal_form
from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits
from pipelines.intake.portal_board import Groups, long_form
from pipelines.intake.portal_period import Period, fetched_at, find_period, period_of
from pipelines.intake.sheet import RawSheet

HEADER = (
    "ky",
    "ma_don_vi",
    "ten_don_vi",
    "ma_chi_so",
    "tu_so",
    "mau_so",
    "ty_le",
    "diem",
    "diem_toi_da",
    "binh_quan_ca_nuoc",
    "xep_hang",
    "so_don_vi_xep_hang",
    "thoi_diem_lay",
)
_CODE_LIST = "chi_so_766"
_SCORES = ("totalScore", "score")
_MAXIMA = ("totalMaxScore", "maxScore")
_AVERAGES = ("nationalAverageScore", "nationalAverage", "averageScore")
_RANKS = ("rank", "ranking")
_RANKED = ("totalRank", "totalDepartment", "totalDepartments")
_METRIC_COLUMNS = ("code", "numerator", "denominator", "ratio", "score", "maxScore")
_GROUP_HINTS = ("groupCode", "group", "endpoint", "type", "code", "nhom")
_DEEPEST = 6
_GROUP_OF_DIGIT = {"1": "cong_khai", "2": "2.1", "4": "so_hoa", "5": "hai_long"}


def read_766(
    path: Path, contract: Contract, limits: Limits, read_ordinary: Callable[[], Sequence[RawSheet]]
) -> list[RawSheet]:
    """Sheets of a file of this feed: the portal's forms in the long form, any other sheet as it is.

    ``read_ordinary`` gives the sheets of the file by its format; it is not called for a JSON answer. Raises
    ``FileRefusedError`` where a portal's form lacks its period or its agency.
    """
    groups = Groups(load_code_lists()[_CODE_LIST])
    documents = _documents(path)
    if documents is not None:
        return [_Answer(document, path.stem, groups).sheet(number) for number, document in documents]
    return [long_form(sheet, contract, limits, groups, path.stem) for sheet in read_ordinary()]


def _documents(path: Path) -> list[tuple[int, dict[str, Any]]] | None:
    """(1-based place, answer) of each portal answer in a json or jsonl file; None where the file is no such."""
    suffix = path.suffix.lower()
    if suffix not in {".json", ".jsonl"}:
        return None
    data = path.read_bytes()
    try:
        if suffix == ".jsonl":
            lines = data.decode("utf-8-sig").splitlines()
            found = [(number, _parse(line)) for number, line in enumerate(lines, 1) if line.strip()]
        else:
            whole = _parse(data)
            found = list(enumerate(whole, 1)) if isinstance(whole, list) else [(1, whole)]
    except (ValueError, RecursionError):
        return None  # not JSON after all: the ordinary reader says so in its own words
    answers = [(number, _unwrapped(item)) for number, item in found]
    if not answers or not all(_is_answer(answer) for _, answer in answers):
        return None
    return [(number, answer) for number, answer in answers if answer is not None]


def _parse(text: str | bytes) -> Any:
    """Numbers stay as printed: a score keeps its digits."""
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=lambda _: None)


def _unwrapped(item: Any) -> dict[str, Any] | None:
    """``{"data": {…}}`` and the like: the outer fields stay where the inner answer does not say the same."""
    if not isinstance(item, dict):
        return None
    for key in ("data", "result"):
        inner = item.get(key)
        if isinstance(inner, dict):
            return {**{k: v for k, v in item.items() if k != key}, **inner}
    return item


def _is_answer(item: dict[str, Any] | None) -> bool:
    if item is None:
        return False
    if isinstance(item.get("nhom"), dict):
        return True
    if isinstance(_find(item, "metrics"), list):
        return True
    return isinstance(_find(item, "parent"), dict) or isinstance(_find(item, "children"), list)


def _find(item: dict[str, Any], key: str, depth: int = 0) -> Any:
    """Value of ``key`` in ``item`` or, level by level, in the objects it holds (not inside lists)."""
    if key in item:
        return item[key]
    if depth < _DEEPEST:
        for value in item.values():
            if isinstance(value, dict):
                found = _find(value, key, depth + 1)
                if found is not None:
                    return found
    return None


def _first(item: dict[str, Any], keys: Sequence[str]) -> str | None:
    for key in keys:
        value = item.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def as_number(text: str | None) -> str | None:
    """A JSON number for the ordinary parser: three decimals get a fourth, else ``7.958`` reads as 7958."""
    if text is None:
        return None
    whole, point, decimals = text.partition(".")
    return f"{whole}.{decimals}0" if point and len(decimals) == 3 else text


def as_percent(text: str | None) -> str | None:
    """The portal's ratios are percentages, ``0.5`` too: the sign says so."""
    number = as_number(text)
    return None if number is None else f"{number}%"


@dataclass(frozen=True)
class _Place:
    """What every row of an answer shares."""

    period: Period
    fetched: str
    province: str | None


class _Answer:
    """One JSON document of the portal, or of several groups collected into one."""

    def __init__(self, document: dict[str, Any], stem: str, groups: Groups) -> None:
        self._document = document
        self._stem = stem
        self._groups = groups

    def sheet(self, number: int) -> RawSheet:
        """The long form; ``number`` is the document's place in the file, and the row where it is one of many."""
        records = list(self._records())
        return RawSheet.of_records(list(HEADER), records, first_row=number)

    def _records(self) -> Iterator[list[str | None]]:
        place = self._place(self._document, None)
        blocks = self._document.get("nhom")
        if isinstance(blocks, dict):
            for name, block in blocks.items():
                if isinstance(block, dict):
                    own = self._place(block, place)
                    yield from self._block(block, self._groups.find(name), own)
        else:
            yield from self._block(self._document, None, self._place(self._document, None))

    def _place(self, item: dict[str, Any], outer: _Place | None) -> _Place:
        period = find_period(item)
        if period is None:
            period = outer.period if outer else period_of(self._stem)
        if period is None:
            raise FileRefusedError(
                "Tệp JSON của Cổng không ghi kỳ (timeType và giá trị, hoặc ky). "
                "Hãy lấy lại tệp kèm kỳ, hoặc ghi kỳ vào tên tệp, ví dụ transparency_2026-08.json."
            )
        fetched = fetched_at(item) or (outer.fetched if outer else None) or period.end.isoformat()
        province = _first(item, ("departmentCode",)) or (outer.province if outer else None)
        if province is None and isinstance(parent := _find(item, "parent"), dict):
            province = _first(parent, ("departmentCode",))
        return _Place(period, fetched, province)

    def _block(self, block: dict[str, Any], group: str | None, place: _Place) -> Iterator[list[str | None]]:
        metrics = _find(block, "metrics")
        parent, children = _find(block, "parent"), _find(block, "children")
        if isinstance(metrics, list):
            rows = [row for row in (self._metric(item) for item in metrics) if row]
            group = group or self._group(block, [row["code"] for row in rows if row["code"]])
            yield from self._own_score(block, group, place)
            yield from (self._row(place, row["code"], row) for row in rows if row["score"])
        elif isinstance(parent, dict) or isinstance(children, list):
            group = group or self._group(block, [])
            if group is None:
                raise FileRefusedError(
                    "Tệp JSON của Cổng không cho biết là nhóm chỉ số nào. Hãy đặt tên tệp theo nhóm, "
                    "ví dụ dvc-progress-tree_2026-08.json, rồi gửi lại."
                )
            top = [parent] if isinstance(parent, dict) else []
            yield from self._nodes([*top, *(children if isinstance(children, list) else [])], group, place)
        else:
            yield from self._own_score(block, group or self._group(block, []), place)

    def _nodes(self, nodes: Sequence[Any], group: str, place: _Place) -> Iterator[list[str | None]]:
        waiting = [node for node in reversed(nodes) if isinstance(node, dict)]
        while waiting:
            node = waiting.pop()
            yield from self._own_score(node, group, place)
            below = node.get("children")
            if isinstance(below, list):
                waiting.extend(child for child in reversed(below) if isinstance(child, dict))

    def _own_score(
        self, item: dict[str, Any], group: str | None, place: _Place
    ) -> Iterator[list[str | None]]:
        """The row of a whole group: of the answer itself or of one agency of a tree."""
        total = item if _first(item, _SCORES) else _summary(item)
        score = _first(total, _SCORES)
        if group is None or score is None:
            return
        counted = group == self._groups.progress
        yield self._row(
            place,
            group,
            {
                "numerator": _first(total, ("totalOnTime",)) if counted else None,
                "denominator": _first(total, ("totalReceived",)) if counted else None,
                "ratio": _first(total, ("ratio",)),
                "score": score,
                "maxScore": _first(total, _MAXIMA),
            },
            total,
        )

    def _row(
        self,
        place: _Place,
        code: str | None,
        values: dict[str, str | None],
        node: dict[str, Any] | None = None,
    ) -> list[str | None]:
        source = node or {}
        return [
            place.period.text,
            _first(source, ("departmentCode",)) or place.province,
            _first(source, ("departmentName",)),
            code,
            as_number(values.get("numerator")),
            as_number(values.get("denominator")),
            as_percent(values.get("ratio")),
            as_number(values.get("score")),
            as_number(values.get("maxScore")),
            as_number(_first(source, _AVERAGES)),
            _first(source, _RANKS),
            _first(source, _RANKED),
            place.fetched,
        ]

    def _metric(self, item: Any) -> dict[str, str | None] | None:
        """A metric as an object, or as an array in the order of ``cot_metrics``."""
        if isinstance(item, list):
            named = self._document.get("cot_metrics")
            columns = named if isinstance(named, list) else list(_METRIC_COLUMNS)
            item = {str(name): value for name, value in zip(columns, item, strict=False)}
        if not isinstance(item, dict):
            return None
        return {name: _first(item, (name,)) for name in _METRIC_COLUMNS}

    def _group(self, block: dict[str, Any], codes: Sequence[str]) -> str | None:
        """The group of an answer: as named in it, by its metrics, its own fields, its file, its maximum."""
        for key in _GROUP_HINTS:
            value = block.get(key)
            if isinstance(value, str) and (named := self._groups.find(value)):
                return named
        digits = {known[0] for code in codes if (known := self._groups.code(code)) and known[0].isdigit()}
        if len(digits) == 1:
            return _GROUP_OF_DIGIT.get(digits.pop())
        if _find(block, "totalOnTime") is not None:
            return self._groups.progress
        maximum = next((value for key in _MAXIMA if (value := _find(block, key)) is not None), None)
        return self._groups.in_text(self._stem) or self._groups.by_maximum(maximum)


def _summary(item: dict[str, Any]) -> dict[str, Any]:
    """The object below ``item`` that states the group's score (``overview``, ``evaluation``), else nothing."""
    for key, value in item.items():
        if isinstance(value, dict) and normal_form(key) != "parent" and _first(value, _SCORES):
            return value
    return {}
