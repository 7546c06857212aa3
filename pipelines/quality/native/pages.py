"""Data Docs as Great Expectations writes them, made fit for a machine without a network, with an index of our own.

Its pages fetch styles and scripts from six hosts, and its index is drawn by a script from there. Here they lose both:
what is left is the text and the tables, no request leaves the machine.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path

from pipelines.quality.native.run import NativeResult
from pipelines.quality.native.suites import Expectation

_FROM_OUTSIDE = re.compile(
    r"<script\b.*?</script>|<link\b[^>]*>|<footer\b.*?</footer>|<img\b[^>]*>|<style\b.*?</style>"
    r"|<a\b[^>]*\bhref=\"https?:[^>]*>.*?</a>|<button\b.*?</button>",
    re.DOTALL,
)
_STYLE = (
    "<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0}td,th{border:1px solid #ccc;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}.popover,.cooltip .top{display:none}</style>"
)


def finish(
    folder: Path, as_of: date, suites: Mapping[str, Sequence[Expectation]], results: Mapping[str, NativeResult]
) -> None:
    """Take from every page what would be fetched, and write ``index.html`` with one line a table."""
    for page in folder.rglob("*.html"):
        text = _FROM_OUTSIDE.sub("", page.read_text(encoding="utf-8"))
        page.write_text(text.replace("</head>", f"{_STYLE}</head>", 1), encoding="utf-8")
    shutil.rmtree(folder / "static", ignore_errors=True)
    (folder / "index.html").write_text(_index(folder, as_of, suites, results), encoding="utf-8")


def _index(
    folder: Path, as_of: date, suites: Mapping[str, Sequence[Expectation]], results: Mapping[str, NativeResult]
) -> str:
    lines = []
    for table, items in suites.items():
        found = [results[item.rule.code].passed for item in items]
        schema, name = table.split(".")
        cells = [
            f"<code>{escape(table)}</code>",
            str(len(found)),
            str(found.count(True)),
            str(found.count(False)),
            str(found.count(None)),
            _link(folder, f"expectations/{schema}/{name}.html", "bộ kỳ vọng"),
            _link(folder, f"validations/{schema}/{name}/**/*.html", "kết quả"),
        ]
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    heads = ("Bảng", "Quy tắc", "Đạt", "Không đạt", "Chưa đánh giá được", "Quy tắc nói gì", "Kết quả")
    head = "".join(f"<th>{text}</th>" for text in heads)
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Bộ kỳ vọng chất lượng</title>'
        f"{_STYLE}</head>"
        f"<body><h1>Bộ kỳ vọng chất lượng, số liệu đến {as_of:%d/%m/%Y}</h1>"
        "<p>Mỗi bảng một bộ kỳ vọng do Great Expectations chạy trên kho làm việc. Trang chỉ có câu của quy tắc và số "
        "đếm, không có giá trị nào của dữ liệu; xem được khi không có mạng.</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></body></html>\n"
    )


def _link(folder: Path, pattern: str, words: str) -> str:
    pages = sorted(folder.glob(pattern))
    return f'<a href="{escape(pages[-1].relative_to(folder).as_posix())}">{words}</a>' if pages else ""
