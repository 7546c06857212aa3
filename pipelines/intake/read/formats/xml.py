"""XML from outside: expat with document types refused, so that no entity is ever defined, expanded or fetched."""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from pipelines.intake.errors import FileRefusedError

Attributes = dict[str, str]
_SEPARATOR = " "
_DOCTYPE = "Tệp có khai báo kiểu tài liệu (DOCTYPE) trong XML; không đọc vì lý do an toàn. Hãy lưu lại dạng .xlsx."
_DEEPEST = 200


class BrokenXmlError(Exception):
    """The text is no well-formed XML."""


def parse_xml(
    data: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    name_of: Callable[[str], str] | None = None,
) -> None:
    """Feed ``data`` to handlers; names of elements and attributes go through ``name_of`` (``local`` by default).

    Raises ``BrokenXmlError``, and ``FileRefusedError`` for a document type or nesting beyond reason.
    """
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    depth = 0
    named = name_of or local

    def opened(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise FileRefusedError(f"XML trong tệp lồng nhau quá {_DEEPEST} tầng; không đọc.")
        start(named(name), {named(key): value for key, value in attributes.items()} if attributes else attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(named(name))

    def refuse(*_facts: object) -> None:
        raise FileRefusedError(_DOCTYPE)

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise BrokenXmlError from None
    except (LookupError, ValueError):  # an encoding that nobody knows
        raise BrokenXmlError from None


def local(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition(_SEPARATOR)[2]
