"""JSON: an array of objects, an object with the array under ``data`` (or in one envelope), or one object a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import duckdb
import polars as pl

from pipelines.intake.errors import FileRefusedError, printable
from pipelines.intake.limits import Limits
from pipelines.intake.readers.blank import clean_text
from pipelines.intake.sheet import RawSheet, column_names

_BROKEN = (
    "Tệp JSON không đúng cú pháp{where}; có thể bị cắt giữa chừng. Hãy xuất lại tệp từ hệ thống nguồn rồi gửi lại."
)
_PLAIN_KEY = re.compile(r"^[\w .\-]{1,200}$")
_DEEPEST_ENVELOPE = 3
_MOST_ENVELOPE_KEYS = 30
CountKeys = Callable[[Sequence[str]], int]
"""How many fields of the feed some keys name."""

_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]')


def read_json(text: str, limits: Limits, count_keys: CountKeys | None = None) -> RawSheet:
    """Records of ``text`` with one column a key, in order of first appearance; raises ``FileRefusedError``.

    Values are text as JSON prints them (strings without quotes, nested values as JSON); null and missing keys
    are null. ``rows`` is the 1-based element. Objects that name no two fields themselves (``count_keys``) and hold
    exactly one array of objects are envelopes or pages: the elements of their arrays are the records. Without
    ``count_keys`` every object is a record.
    """
    body = text.strip()
    if not body:
        return _sheet(pl.DataFrame(), ())
    connection = duckdb.connect(":memory:", config={"threads": "2", "autoload_known_extensions": "false"})
    try:
        _elements(connection, body, limits, count_keys)
        return _columns(connection, limits)
    finally:
        connection.close()


def _elements(connection: duckdb.DuckDBPyConnection, body: str, limits: Limits, count_keys: CountKeys | None) -> None:
    """Table ``phan_tu(thu_tu, j)``: one JSON object a row."""
    lines = [line for line in body.split("\n") if line.strip()] if body[0] == "{" else []
    if len(lines) > 1 and _valid(connection, lines[0]):
        _check_depth(max(lines, key=len), limits)
        frame = pl.DataFrame({"thu_tu": pl.Series(range(1, len(lines) + 1), dtype=pl.Int64), "j": lines})
    else:
        _check_depth(body, limits)
        if not _valid(connection, body):
            raise FileRefusedError(_BROKEN.format(where=""))
        frame = _of_document(connection, body)
    bad = connection.execute(
        "SELECT min(thu_tu), bool_and(json_valid(j)) FROM frame WHERE NOT json_valid(j) OR json_type(j) <> 'OBJECT'"
    ).fetchall()[0]
    if bad[0] is not None:
        if not bad[1]:
            raise FileRefusedError(_BROKEN.format(where=f" ở phần tử {bad[0]}"))
        raise FileRefusedError(
            f"Phần tử {bad[0]} của tệp JSON không phải một đối tượng (khóa: giá trị). Hãy xuất lại tệp."
        )
    path = _path_to_records(connection, frame["j"][0], count_keys) if frame.height and count_keys else None
    if path is not None:
        frame = _unwrapped(connection, frame, path)
    connection.execute("CREATE TABLE phan_tu AS SELECT thu_tu, j FROM frame")
    del frame


def _path_to_records(connection: duckdb.DuckDBPyConnection, element: str, count_keys: CountKeys) -> str | None:
    """JSON path of the one array of objects that ``element`` holds, or None where it is a record itself."""
    waiting: list[tuple[str, int]] = [("$", 0)]
    full: list[str] = []
    empty: list[str] = []
    while waiting:
        path, depth = waiting.pop()
        keys = connection.execute("SELECT json_keys(?, ?)", [element, path]).fetchall()[0][0] or []
        if count_keys(keys) >= 2 or len(keys) > _MOST_ENVELOPE_KEYS:
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


def _unwrapped(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame, path: str) -> pl.DataFrame:
    """Elements of the arrays at ``path``, numbered on; an element without such an array stays a record."""
    connection.register("trang", frame.to_arrow())
    records = connection.execute(
        "SELECT unnest(CASE WHEN json_type(j, ?) = 'ARRAY' THEN json_extract(j, ?) ELSE [j::JSON] END)::VARCHAR AS j "
        "FROM trang ORDER BY thu_tu",
        [path, path + "[*]"],
    ).pl()
    connection.unregister("trang")
    bad = records.with_row_index("thu_tu", offset=1).filter(~pl.col("j").str.starts_with("{"))
    if bad.height:
        raise FileRefusedError(
            f"Phần tử {bad['thu_tu'][0]} của tệp JSON không phải một đối tượng (khóa: giá trị). Hãy xuất lại tệp."
        )
    return records.select(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("thu_tu"), "j")


def _valid(connection: duckdb.DuckDBPyConnection, text: str) -> bool:
    return bool(connection.execute("SELECT json_valid(?)", [text]).fetchall()[0][0])


def _of_document(connection: duckdb.DuckDBPyConnection, body: str) -> pl.DataFrame:
    kind = connection.execute("SELECT json_type(?), json_type(?, '$.data')", [body, body]).fetchall()[0]
    if kind[0] == "ARRAY":
        path = "$[*]"
    elif kind[0] == "OBJECT" and kind[1] == "ARRAY":
        path = "$.data[*]"
    elif kind[0] == "OBJECT" and kind[1] == "NULL":
        return pl.DataFrame(schema={"thu_tu": pl.Int64, "j": pl.String})
    elif kind[0] == "OBJECT":
        path = "$"
    else:
        raise FileRefusedError("Tệp JSON phải là một mảng đối tượng, hoặc đối tượng có mảng dưới khóa “data”.")
    if path == "$":
        return pl.DataFrame({"thu_tu": pl.Series([1], dtype=pl.Int64), "j": [body]})
    values = connection.execute("SELECT unnest(json_extract(?, ?)) AS j", [body, path]).pl()
    return values.with_row_index("thu_tu", offset=1)


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
        raise FileRefusedError(f"Tệp JSON có quá nhiều khóa khác nhau ({len(keys)} > {limits.columns}).")
    if not keys:
        return _sheet(pl.DataFrame(), ())
    pointers = ["/" + key.replace("~", "~0").replace("/", "~1") for key in keys]
    names = column_names(len(keys))
    picks = ", ".join(f"x[{i + 1}] AS {name}" for i, name in enumerate(names))
    cells = connection.execute(
        f"SELECT {picks} FROM (SELECT thu_tu, json_extract_string(j, ?) AS x FROM phan_tu) ORDER BY thu_tu", [pointers]
    ).pl()
    return _sheet(cells, tuple(keys))


def _sheet(cells: pl.DataFrame, header: tuple[str, ...]) -> RawSheet:
    rows = pl.Series("dong", range(1, cells.height + 1), dtype=pl.Int64)
    return RawSheet(name="", cells=clean_text(cells, normalise=True), rows=rows, header=header)


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
