"""A file in the folder of another feed: its headers are those of the feed it should lie under."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.contracts.model import Contract
from pipelines.intake.headers.columns import HeaderIndex, needed_fields

_BELONGS = (
    "Các cột của tệp là của nguồn “{title}” ({feed}): nếu tệp để nhầm thư mục, hãy chuyển nó vào raw/{feed}/, không "
    "sửa tiêu đề."
)
_LEAST_NEEDED = 2


def where_it_belongs(headers: Sequence[str], index: HeaderIndex, others: Iterable[HeaderIndex]) -> str | None:
    """A Vietnamese sentence that names the feed whose needed columns ``headers`` have, all of them, and more fields
    than the feed of ``index``; None where no feed, or no single one, is so."""
    own = _fields(headers, index)
    found: list[tuple[int, Contract]] = []
    for other in others:
        needed = {field.name for field in needed_fields(other.contract)}
        fields = _fields(headers, other)
        if other.contract.feed != index.contract.feed and len(needed) >= _LEAST_NEEDED and needed <= fields:
            found.append((len(fields), other.contract))
    most = max((number for number, _ in found), default=0)
    best = [contract for number, contract in found if number == most]
    if len(best) != 1 or most <= len(own):
        return None
    return _BELONGS.format(title=best[0].title, feed=best[0].feed)


def _fields(headers: Sequence[str], index: HeaderIndex) -> set[str]:
    return {match.field for text in headers if text and (match := index.match([text]))}
