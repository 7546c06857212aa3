"""What answers of interfaces say beside their records: errors, how many there are, one thing twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import polars as pl

from pipelines.contracts.normal_form import normal_form
from pipelines.intake.errors import FileRefusedError

TWICE = "khoa_lap"

_SUCCESS = frozenset({"success", "successful", "issuccess", "ok", "succeeded", "thanhcong", "isok"})
_ERROR = frozenset(
    {"error", "errors", "err", "exception", "fault", "loi", "errorcode", "errormessage", "iserror", "haserror"}
)
_STATUS = frozenset(
    {"status", "state", "result", "trangthai", "statuscode", "code", "httpstatus", "httpcode", "resultcode"}
)
_FAILED = frozenset(
    [
        "error",
        "err",
        "fail",
        "failed",
        "failure",
        "unauthorized",
        "forbidden",
        "timeout",
        "denied",
        "exception",
        "invalid",
        "unauthenticated",
        "loi",
        "thatbai",
        "khongthanhcong",
        "false",
        "notfound",
        "expired",
    ]
)
_NOTHING = frozenset({"", "0", "00", "none", "null", "ok", "false", "success", "khong"})
_LEAST_FIELDS = 2
_WORDS = frozenset({"message", "msg", "messages", "detail", "thongbao", "thongdiep", "description", "title"})
_TOTALS = frozenset(
    {
        *("total", "totalcount", "totalrecords", "totalelements", "totalitems", "totalrows", "recordstotal", "count"),
        *("rowcount", "sobanghi", "tongsobanghi", "tongsodong"),
    }
)
_PAGING = frozenset(
    {
        *("page", "pages", "pageno", "pageindex", "pagenumber", "pagesize", "perpage", "currentpage", "totalpages"),
        *("limit", "offset", "skip", "start", "from", "size", "next", "nextpage", "hasmore", "cursor", "pageable"),
        *("trang", "sotrang", "trangso", "kichthuoctrang", "sodongmottrang"),
    }
)
_PAIR = re.compile(r'"([^"\\]{1,60})"\s*:\s*(?:"?(\d{1,9})"?(?=\s*[,}]))?')
_SEVERAL = re.compile(rb"\}\s*\{")
_ENVELOPE = 4_000
_FIRST_ERROR_CODE = 400
_ERROR_ANSWER = (
    "Tệp JSON là câu trả lời báo lỗi của hệ thống nguồn (khóa “{key}”), không phải dữ liệu. Hãy kiểm tra đăng nhập, "
    "tham số kết xuất rồi xuất lại tệp."
)


def refuse_error_answer(
    connection: duckdb.DuckDBPyConnection, element: str, *, has_records: bool, nothing: bool = False
) -> None:
    """Raise ``FileRefusedError`` where ``element``, an object that is no record, says that its question failed.

    Beside records only a plain ``success: false`` counts; where ``data`` is null, words without any sign of success
    are an error too.
    """
    keys = connection.execute("SELECT json_keys(?)", [element]).fetchall()[0][0] or []
    well = False
    for key in keys:
        form = normal_form(key)
        if form not in _SUCCESS | _ERROR | _STATUS:
            continue
        pointer = "/" + key.replace("~", "~0").replace("/", "~1")
        kind, text = connection.execute(
            "SELECT json_type(?, ?), json_extract_string(?, ?)", [element, pointer, element, pointer]
        ).fetchall()[0]
        if _failed(form, kind, text or "") and (form in _SUCCESS or not has_records):
            raise FileRefusedError(_ERROR_ANSWER.format(key=form))
        well = True
    words = next((form for form in map(normal_form, keys) if form in _WORDS), None)
    if nothing and words and not well:
        raise FileRefusedError(_ERROR_ANSWER.format(key=words))


def _failed(form: str, kind: str, text: str) -> bool:
    word = normal_form(text)
    if form in _SUCCESS:
        return word in {"false", "0", "no"}
    if kind in {"ARRAY", "OBJECT"}:
        return form in _ERROR and text not in {"[]", "{}"}
    if form in _ERROR:
        return word not in _NOTHING
    if word.isdigit():
        return int(word) >= _FIRST_ERROR_CODE
    return word in _FAILED


def stated_records(data: bytes, count_keys: Callable[[Sequence[str]], int]) -> int | None:
    """How many records the envelope of a JSON answer says it has, or None: no envelope, no number, one page of several.

    The envelope is what stands before the first array and after the last one.
    """
    first, last = data.find(b"["), data.rfind(b"]")
    if not data.lstrip().startswith(b"{") or first < 0 or max(first, len(data) - last) > _ENVELOPE:
        return None
    if _SEVERAL.search(data):
        return None
    pairs = _PAIR.findall(data[:first].decode("utf-8") + " " + data[last + 1 :].decode("utf-8"))
    keys = [normal_form(key) for key, _ in pairs]
    if count_keys([key for key, _ in pairs]) >= _LEAST_FIELDS or not _PAGING.isdisjoint(keys):
        return None
    found = {int(number) for key, (_, number) in zip(keys, pairs, strict=True) if number and key in _TOTALS}
    return found.pop() if len(found) == 1 else None


def settle_twice(elements: pl.Series) -> tuple[pl.Series, list[str]]:
    """Elements in which a key stands twice: with one value it is one, with several it is the list of them.

    So that no value is taken for the true one: a list is in no code list and no date. Returns the elements and the
    keys with several values.
    """
    doubtful: dict[str, None] = {}

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, list[Any]] = {}
        for key, value in items:
            held = found.setdefault(key, [])
            if value not in held:
                held.append(value)
        doubtful.update(dict.fromkeys(key for key, held in found.items() if len(held) > 1))
        return {key: held[0] if len(held) == 1 else held for key, held in found.items()}

    # Numbers stay as printed: what is read of a value is its text.
    texts = [
        json.dumps(json.loads(text, object_pairs_hook=pairs, parse_float=str, parse_int=str), ensure_ascii=False)
        for text in elements.to_list()
    ]
    return pl.Series(elements.name, texts, dtype=pl.String), list(doubtful)
