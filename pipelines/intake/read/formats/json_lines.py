"""JSON: an array of objects, an object with the array under ``data`` (or in one envelope), or one object a line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import duckdb
import polars as pl
import pyarrow as pa

from pipelines.intake.errors import FileRefusedError, printable
from pipelines.intake.fractions import looks_grouped
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.blank import clean_text
from pipelines.intake.read.formats.cut import lines
from pipelines.intake.read.formats.json_answers import TWICE, refuse_error_answer, settle_twice
from pipelines.intake.sheet import Mark, RawSheet, column_names

_BROKEN = (
    "Tệp JSON không đúng cú pháp{where}; có thể bị cắt giữa chừng. Hãy xuất lại tệp từ hệ thống nguồn rồi gửi lại."
)
_TOO_WIDE = "Tệp JSON có quá nhiều khóa khác nhau ({found} > {most})."
_INK = re.compile(rb"[^ \t\r\n\v\f\x1c-\x1f]")
_SHORT = 64
_CHARACTERS = 16_000_000
_ELEMENTS = 20_000
_PLAIN_KEY = re.compile(r"^[\w .\-]{1,200}$")
_LEAST_FIELDS = 2
_DEEPEST_ENVELOPE = 3
_MOST_ENVELOPE_KEYS = 30
CountKeys = Callable[[Sequence[str]], int]
"""How many fields of the feed some keys name."""

_BETWEEN = re.compile(r"\s*(?:,\s*(?=\{))?")
_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]')


Pieces = Callable[[], Iterator[pl.Series]]
"""Starts over with every call."""


def read_json(data: bytes, limits: Limits, count_keys: CountKeys | None = None) -> RawSheet:
    """Records of ``data`` (UTF-8, NFC), one column a key, in order of first appearance; raises ``FileRefusedError``.

    Values are text as JSON prints them (strings without quotes, nested values as JSON); null and missing keys
    are null. ``rows`` is the 1-based element. Objects that name no two fields themselves (``count_keys``) and hold
    exactly one array of objects are envelopes or pages: the elements of their arrays are the records. Objects that
    name none and hold one object that does (``_source``, ``node``) are wrappings of it. Without ``count_keys`` every
    object is a record.
    """
    ink = _INK.search(data)
    start = ink.start() if ink else len(data)
    if data[start : start + 1] >= b"\x80":
        data, start = data.decode("utf-8").strip().encode("utf-8"), 0
    if start == len(data):
        return _sheet(pl.DataFrame(), ())
    connection = duckdb.connect(":memory:", config={"threads": "1", "autoload_known_extensions": "false"})
    try:
        pieces = _pieces(connection, data, start, limits)
        sheet = _by_pieces(connection, pieces(), limits, count_keys)
        if sheet is not None:
            return sheet
        _check_elements(connection, pl.concat(pieces()), count_keys)
        return _columns(connection, limits)
    finally:
        connection.close()


def _pieces(connection: duckdb.DuckDBPyConnection, data: bytes, start: int, limits: Limits) -> Pieces:
    """The elements of ``data`` in order, one JSON text each, some megabytes at a time."""
    end = data.find(b"\n", start)
    several = data[start : start + 1] == b"{" and end > 0 and _INK.search(data, end) is not None
    if several and _valid(connection, data[start:end].decode("utf-8")):
        return lambda: _lines(data, start, limits)
    body = data.decode("utf-8").strip()
    _check_depth(body, limits)
    elements = _of_document(connection, body)
    return lambda: (elements.slice(start, _ELEMENTS) for start in range(0, max(len(elements), 1), _ELEMENTS))


def _lines(data: bytes, start: int, limits: Limits) -> Iterator[pl.Series]:
    """The lines with anything on them."""
    while start < len(data):
        end = data.find(b"\n", start + _CHARACTERS)
        end = len(data) if end < 0 else end + 1
        found = lines(data[start:end])
        sizes = found.str.len_bytes()
        longest = sizes.arg_max()
        _check_depth(found[longest] if longest is not None else "", limits)
        short = (sizes <= _SHORT).arg_true()
        blank = [place for place, line in zip(short, found.gather(short), strict=True) if not line.strip()]
        if blank:
            found = found.to_frame().with_row_index("n").filter(~pl.col("n").is_in(blank)).get_column("j")
        yield found
        start = end


def _by_pieces(
    connection: duckdb.DuckDBPyConnection, pieces: Iterable[pl.Series], limits: Limits, count_keys: CountKeys | None
) -> RawSheet | None:
    """Every element read once for its keys and once for its values; None where one may be no record."""
    order: dict[str, tuple[int, int]] = {}
    doubtful: dict[str, None] = {}
    cells: list[pl.DataFrame] = []
    fractions: dict[str, frozenset[int]] = {}
    seen = 0
    for elements in pieces:
        connection.register("phan", _arrow(elements.to_frame().with_row_index("thu_tu", seen)))
        try:
            shapes = connection.execute("SELECT json_keys(j) AS k, min(thu_tu) FROM phan GROUP BY 1").fetchall()
        except (duckdb.Error, UnicodeDecodeError):
            # No JSON; the message quotes the text by bytes, which may cut a letter in two.
            return None
        if any(not keys for keys, _ in shapes):
            return None
        if count_keys and not order and len(elements) and _is_wrapped(connection, elements[0], count_keys):
            return None
        if any(len(keys) > len(set(keys)) for keys, _ in shapes):
            settled, twice = settle_twice(elements)
            doubtful.update(dict.fromkeys(twice))
            connection.register("phan", _arrow(settled.to_frame().with_row_index("thu_tu", seen)))
        here: dict[str, None] = {}
        for keys, first in shapes:
            for place, key in enumerate(keys):
                known = order.get(key, (first, place))
                order[key] = (min(known[0], first), min(known[1], place))
                here[key] = None
        if not here:
            continue
        if len(here) > limits.columns:
            return None
        cells.append(_values(connection, list(here)))
        for key, rows in _fractions(connection, cells[-1], seen + 1):
            fractions[key] = fractions.get(key, frozenset()) | rows
        seen += len(elements)
    keys = sorted(order, key=lambda key: (*order[key], key))
    if len(keys) > limits.columns:
        raise FileRefusedError(_TOO_WIDE.format(found=len(keys), most=limits.columns))
    if not keys:
        return _sheet(pl.DataFrame(), ())
    table = pl.concat(cells, how="diagonal", rechunk=False).select(keys)
    table.columns = column_names(len(keys))
    return replace(_sheet(table, tuple(keys), fractions), doubts=tuple((key, TWICE) for key in doubtful))


def _values(connection: duckdb.DuckDBPyConnection, keys: list[str]) -> pl.DataFrame:
    """The values of ``keys`` in the elements of ``phan``, in their order, one column a key."""
    pointers = [_pointer(key) for key in keys]
    picks = ", ".join(f"x[{i + 1}] AS {name}" for i, name in enumerate(column_names(len(keys))))
    values = connection.sql(
        f"SELECT {picks}, thu_tu FROM (SELECT thu_tu, json_extract_string(j, ?) AS x FROM phan)", params=[pointers]
    ).pl()
    places = values.drop_in_place("thu_tu")
    if not places.is_sorted():
        values = values[places.arg_sort()]
    values.columns = keys
    return values


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _fractions(
    connection: duckdb.DuckDBPyConnection, values: pl.DataFrame, first: int
) -> Iterator[tuple[str, frozenset[int]]]:
    """Key → rows of the ``values`` of ``phan`` that are numbers and look like grouped thousands."""
    for column in values:
        grouped = looks_grouped(column)
        if grouped.any():
            query = "SELECT json_type(j, ?) = 'DOUBLE' AS so FROM phan ORDER BY thu_tu"
            numbers = connection.sql(query, params=[_pointer(column.name)]).pl().to_series()
            yield column.name, frozenset(((grouped & numbers).arg_true() + first).to_list())


def _arrow(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.newest())


def _check_elements(connection: duckdb.DuckDBPyConnection, elements: pl.Series, count_keys: CountKeys | None) -> None:
    """Table ``phan_tu(thu_tu, j)``: one JSON object a row; raises ``FileRefusedError`` where one is none."""
    connection.register("phan", _arrow(elements.to_frame("j").with_row_index("thu_tu", offset=1)))
    bad = connection.execute(
        "SELECT min(thu_tu), bool_and(json_valid(j)) FROM phan WHERE NOT json_valid(j) OR json_type(j) <> 'OBJECT'"
    ).fetchall()[0]
    if bad[0] is not None:
        if not bad[1]:
            raise FileRefusedError(_BROKEN.format(where=f" ở phần tử {bad[0]}"))
        raise FileRefusedError(
            f"Phần tử {bad[0]} của tệp JSON không phải một đối tượng (khóa: giá trị). Hãy xuất lại tệp."
        )
    if len(elements) and count_keys:
        _refuse_error(connection, elements[0], count_keys, has_records=len(elements) > 1)
    path = _path_to_records(connection, elements[0], count_keys) if len(elements) and count_keys else None
    if path is not None:
        connection.register("phan", _arrow(_unwrapped(connection, path)))
    if count_keys and len(elements):
        _take_out(connection, count_keys)
    connection.execute("CREATE TABLE phan_tu AS SELECT thu_tu, j FROM phan")


def _is_wrapped(connection: duckdb.DuckDBPyConnection, element: str, count_keys: CountKeys) -> bool:
    return (
        _path_to_records(connection, element, count_keys) is not None
        or _wrapping_key(connection, element, count_keys) is not None
    )


def _wrapping_key(connection: duckdb.DuckDBPyConnection, element: str, count_keys: CountKeys) -> str | None:
    """The key of the one object within ``element`` that is a record, where ``element`` itself names no field."""
    keys = connection.execute("SELECT json_keys(?)", [element]).fetchall()[0][0] or []
    if count_keys(keys) or len(keys) > _MOST_ENVELOPE_KEYS:
        return None
    inner = {
        key: connection.execute("SELECT json_keys(?, ?)", [element, _pointer(key)]).fetchall()[0][0] for key in keys
    }
    found = [key for key, below in inner.items() if below and count_keys(below) >= _LEAST_FIELDS]
    return found[0] if len(found) == 1 else None


def _take_out(connection: duckdb.DuckDBPyConnection, count_keys: CountKeys) -> None:
    """``phan`` with the records that the first element shows to be wrapped; what is wrapped otherwise stays."""
    records = connection.sql("SELECT thu_tu, j::VARCHAR AS j FROM phan ORDER BY thu_tu").pl()
    key = _wrapping_key(connection, records["j"][0], count_keys) if records.height else None
    if key is not None:
        connection.register("phan", _arrow(records))
        taken = connection.sql(
            "SELECT thu_tu, CASE WHEN json_type(j, ?) = 'OBJECT' THEN json_extract(j, ?)::VARCHAR ELSE j END AS j "
            "FROM phan ORDER BY thu_tu",
            params=[_pointer(key)] * 2,
        ).pl()
        connection.register("phan", _arrow(taken))


def _refuse_error(
    connection: duckdb.DuckDBPyConnection, element: str, count_keys: CountKeys, *, has_records: bool
) -> None:
    """Refuse an answer that reports an error; records may have a field ``status`` of their own."""
    keys = connection.execute("SELECT json_keys(?)", [element]).fetchall()[0][0] or []
    if count_keys(keys) < _LEAST_FIELDS:
        path = _path_to_records(connection, element, count_keys)
        held = connection.execute("SELECT json_array_length(?, ?)", [element, path]).fetchall()[0][0] if path else 0
        refuse_error_answer(connection, element, has_records=has_records or bool(held))


def _path_to_records(connection: duckdb.DuckDBPyConnection, element: str, count_keys: CountKeys) -> str | None:
    """JSON path of the one array of objects that ``element`` holds, or None where it is a record itself."""
    waiting: list[tuple[str, int]] = [("$", 0)]
    full: list[str] = []
    empty: list[str] = []
    while waiting:
        path, depth = waiting.pop()
        keys = connection.execute("SELECT json_keys(?, ?)", [element, path]).fetchall()[0][0] or []
        if count_keys(keys) >= _LEAST_FIELDS or len(keys) > _MOST_ENVELOPE_KEYS:
            return None
        for key in keys:
            if not _PLAIN_KEY.match(key):
                continue
            below = f'{path}."{key}"'
            kind, first = connection.execute(
                "SELECT json_type(?, ?), json_type(?, ?)", [element, below, element, below + "[0]"]
            ).fetchall()[0]
            if kind == "OBJECT" and depth < _DEEPEST_ENVELOPE:
                waiting.append((below, depth + 1))
            elif kind == "ARRAY" and first in (None, "OBJECT"):
                (full if first else empty).append(below)
    found = full or empty
    return found[0] if len(found) == 1 else None


def _unwrapped(connection: duckdb.DuckDBPyConnection, path: str) -> pl.DataFrame:
    """Elements of the arrays at ``path`` in ``phan``, numbered on; an element without such an array stays a record."""
    records = connection.sql(
        "SELECT unnest(CASE WHEN json_type(j, ?) = 'ARRAY' THEN json_extract(j, ?) ELSE [j::JSON] END)::VARCHAR AS j "
        "FROM phan ORDER BY thu_tu",
        params=[path, path + "[*]"],
    ).pl()
    bad = records.with_row_index("thu_tu", offset=1).filter(~pl.col("j").str.starts_with("{"))
    if bad.height:
        raise FileRefusedError(
            f"Phần tử {bad['thu_tu'][0]} của tệp JSON không phải một đối tượng (khóa: giá trị). Hãy xuất lại tệp."
        )
    return records.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("thu_tu"), "j")


def _valid(connection: duckdb.DuckDBPyConnection, text: str) -> bool:
    return bool(connection.execute("SELECT json_valid(?)", [text]).fetchall()[0][0])


def _of_document(connection: duckdb.DuckDBPyConnection, body: str) -> pl.Series:
    connection.register("phan", _arrow(pl.DataFrame({"j": [body]})))
    kind = connection.execute(
        "SELECT CASE WHEN json_valid(j) THEN json_type(j) END, CASE WHEN json_valid(j) THEN json_type(j, '$.data') END "
        "FROM phan"
    ).fetchall()[0]
    if kind[0] is None:
        several = _one_after_another(body)
        if several is None:
            raise FileRefusedError(_BROKEN.format(where=""))
        return several
    if kind[0] == "OBJECT" and kind[1] in {"ARRAY", "NULL"}:
        held = kind[1] == "ARRAY" and connection.execute("SELECT json_array_length(j, '$.data') FROM phan").fetchall()
        refuse_error_answer(connection, body, has_records=bool(held and held[0][0]), nothing=kind[1] == "NULL")
    if kind[0] == "ARRAY":
        path = "$[*]"
    elif kind[0] == "OBJECT" and kind[1] == "ARRAY":
        path = "$.data[*]"
    elif kind[0] == "OBJECT" and kind[1] == "NULL":
        return pl.Series("j", [], dtype=pl.String)
    elif kind[0] == "OBJECT":
        return pl.Series("j", [body], dtype=pl.String)
    else:
        raise FileRefusedError("Tệp JSON phải là một mảng đối tượng, hoặc đối tượng có mảng dưới khóa “data”.")
    elements = connection.sql("SELECT unnest(json_extract(j, ?)) AS j FROM phan", params=[path]).pl()
    return elements.to_series().cast(pl.String)


def _one_after_another(body: str) -> pl.Series | None:
    """Objects that follow each other over several lines, with a comma between them or none; None where it is else."""
    decoder, texts, place = json.JSONDecoder(), [], 0
    try:
        while place < len(body):
            end = decoder.raw_decode(body, place)[1]
            texts.append(body[place:end])
            place = _BETWEEN.match(body, end).end()  # type: ignore[union-attr]
    except (ValueError, RecursionError):
        return None
    return pl.Series("j", texts) if len(texts) > 1 and all(text.startswith("{") for text in texts) else None


def _columns(connection: duckdb.DuckDBPyConnection, limits: Limits) -> RawSheet:
    keys = [
        str(row[0])
        for row in connection.execute(
            "SELECT k FROM (SELECT unnest(ks) AS k, o, generate_subscripts(ks, 1) AS i FROM "
            "(SELECT json_keys(j) AS ks, min(thu_tu) AS o FROM phan_tu GROUP BY 1)) "
            "GROUP BY k ORDER BY min(o), min(i), k"
        ).fetchall()
    ]
    if len(keys) > limits.columns:
        raise FileRefusedError(_TOO_WIDE.format(found=len(keys), most=limits.columns))
    if not keys:
        return _sheet(pl.DataFrame(), ())
    records = connection.sql("SELECT thu_tu, j FROM phan_tu ORDER BY thu_tu").pl()
    repeats = connection.execute(
        "SELECT bool_or(len(json_keys(j)) > len(list_distinct(json_keys(j)))) FROM phan_tu"
    ).fetchall()[0][0]
    twice: list[str] = []
    if repeats:
        settled, twice = settle_twice(records["j"])
        records = records.with_columns(settled)
    connection.register("phan", _arrow(records))
    values = _values(connection, keys)
    fractions = dict(_fractions(connection, values, 1))
    values.columns = column_names(len(keys))
    return replace(_sheet(values, tuple(keys), fractions), doubts=tuple((key, TWICE) for key in twice))


def _sheet(cells: pl.DataFrame, header: tuple[str, ...], fractions: Mapping[str, frozenset[int]] = {}) -> RawSheet:
    rows = pl.Series("dong", range(1, cells.height + 1), dtype=pl.Int64)
    marked = {place: fractions[key] for place, key in enumerate(header) if key in fractions}
    return RawSheet(
        name="", cells=clean_text(cells, normalise=True), rows=rows, header=header, marks={Mark.FRACTION: marked}
    )


def _check_depth(text: str, limits: Limits) -> None:
    """Refuse nesting beyond the limit; only looked at where brackets could reach it."""
    if max(text.count("["), text.count("{")) <= limits.json_depth:
        return
    if not re.search(r"[\[{]\s*(?:\"[^\"\\]{0,80}\"\s*:\s*)?[\[{]\s*(?:\"[^\"\\]{0,80}\"\s*:\s*)?[\[{]", text):
        return
    depth = 0
    for match in _BRACKET.finditer(text):
        sign = match.group()
        if sign in "[{":
            depth += 1
            if depth > limits.json_depth:
                raise FileRefusedError(f"Tệp JSON lồng nhau quá {limits.json_depth} tầng; không đọc.")
        elif sign in "]}":
            depth -= 1


def known_keys(text: str) -> list[str]:
    """Keys seen at the beginning of a JSON text: they stand for a header where the character set is judged."""
    return [printable(key, 200) for key in dict.fromkeys(re.findall(r'"([^"\\\n]{1,200})"\s*:', text))]
