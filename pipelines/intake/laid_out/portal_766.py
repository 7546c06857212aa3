"""Reader of ``bo_chi_so_766/diem``: the portal's own answers and boards, turned into the feed's long form.

What is accepted beside the long form (docs/mess.md): JSON answers of the evaluation API of 2026 (a list of
metrics, or a tree of agencies; alone, or several groups in one document), its trees saved as a table, boards
with one row an agency and one column an indicator group, the board before 2026 among them. The result is a
``RawSheet`` with canonical headers, so everything after this module is the ordinary path.

What is not in a source is not invented. A metric or agency without a score (not applicable, or shown without
points) has no row, as the feed holds published points; zero is a score and is kept. Where a source does not say
when it was fetched, ``thoi_diem_lay`` is the last day of its period.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.contracts.normal_form import normal_form
from pipelines.intake.errors import FileRefusedError
from pipelines.intake.laid_out.portal_board import (
    HEADER,
    Groups,
    as_number,
    as_percent,
    groups,
    long_form,
    records_sheet,
)
from pipelines.intake.laid_out.portal_period import Period, fetched_at, find_period
from pipelines.intake.sheet import RawSheet

_SCORES = ("totalScore", "score")
_MAXIMA = ("totalMaxScore", "maxScore")
_AVERAGES = ("nationalAverageScore", "nationalAverage", "averageScore")
_RANKS = ("rank", "ranking")
_RANKED = ("totalRank", "totalDepartment", "totalDepartments")
_METRIC_COLUMNS = ("code", "numerator", "denominator", "ratio", "score", "maxScore")
_GROUP_HINTS = ("groupCode", "group", "endpoint", "type", "code", "nhom")
_DEEPEST = 6
_GROUP_OF_DIGIT = {"1": "cong_khai", "2": "2.1", "4": "so_hoa", "5": "hai_long"}


def normalise(source: Any) -> list[RawSheet] | None:
    """Long-form sheets of a JSON document (numbers as text) or of a raw sheet; None where it is the long form.

    Raises ``FileRefusedError`` where a portal's form lacks its period, its agency or its group.
    """
    if isinstance(source, RawSheet):
        sheet = long_form(source)
        return None if sheet is None else [sheet]
    items = source if isinstance(source, list) else [source]
    answers = [_unwrapped(item) for item in items]
    if answers and all(_is_answer(answer) for answer in answers):
        return [_Answer(answer, groups()).sheet(place) for place, answer in enumerate(answers, 1) if answer]
    records = source.get("data") if isinstance(source, dict) else source
    if not isinstance(records, list) or not any(isinstance(record, dict) and record for record in records):
        return None
    sheet = long_form(records_sheet(records))
    return None if sheet is None else [sheet]


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


@dataclass(frozen=True)
class _Place:
    """What every row of an answer shares."""

    period: Period
    fetched: str
    province: str | None


class _Answer:
    """One JSON document of the portal, or of several groups collected into one."""

    def __init__(self, document: dict[str, Any], known: Groups) -> None:
        self._document = document
        self._groups = known

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
            if outer is None:
                raise FileRefusedError(
                    "Tệp JSON của Cổng không ghi kỳ. Hãy thêm khóa “timeType” (month, quarter, year) cùng giá trị, "
                    'hoặc khóa “ky”, ví dụ "ky": "2026-08", rồi gửi lại.'
                )
            period = outer.period
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
                    "Tệp JSON của Cổng không cho biết là nhóm chỉ số nào. Hãy thêm khóa “endpoint”, "
                    'ví dụ "endpoint": "dvc-progress-tree", rồi gửi lại.'
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

    def _own_score(self, item: dict[str, Any], group: str | None, place: _Place) -> Iterator[list[str | None]]:
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
        """The group of an answer: as named in it, by its metrics, its own fields, its maximum."""
        for key in _GROUP_HINTS:
            value = block.get(key)
            if isinstance(value, str) and (named := self._groups.find(value)):
                return named
        digits = {known[0] for code in codes if (known := self._groups.code(code)) and known[0].isdigit()}
        if len(digits) == 1:
            return _GROUP_OF_DIGIT.get(digits.pop())
        agency = _first_agency(block)
        if _find(block, "totalOnTime") is not None or "totalOnTime" in agency:
            return self._groups.progress
        return self._groups.by_maximum(_first(block, _MAXIMA) or _first(agency, _MAXIMA))


def _first_agency(block: dict[str, Any]) -> dict[str, Any]:
    """The first agency of a tree that states a maximum, else nothing."""
    children = _find(block, "children")
    nodes = [_find(block, "parent"), *(children if isinstance(children, list) else [])]
    return next((node for node in nodes if isinstance(node, dict) and _first(node, _MAXIMA)), {})


def _summary(item: dict[str, Any]) -> dict[str, Any]:
    """The object below ``item`` that states the group's score (``overview``, ``evaluation``), else nothing."""
    for key, value in item.items():
        if isinstance(value, dict) and normal_form(key) != "parent" and _first(value, _SCORES):
            return value
    return {}
