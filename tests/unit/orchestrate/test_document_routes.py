"""What ``kho ui`` serves beside Dagster: pages and papers, read-only, and nothing else of the data folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from pipelines.config.paths import DataPaths
from pipelines.orchestrate.documents import Documents
from pipelines.publishing import LEADERS_PAGE, QUALITY_PAGE


class Answer:
    """Status, headers and body of one request, as an ASGI server would send them."""

    def __init__(self, app: Starlette, method: str, path: str) -> None:
        sent: list[dict[str, Any]] = []

        asked: list[bool] = []

        async def receive() -> dict[str, Any]:
            if asked:
                await asyncio.sleep(60)  # the browser stays; an answer does not wait for it
            asked.append(True)
            return {"type": "http.request", "body": b"x", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", b"127.0.0.1:3000")], "http_version": "1.1", "scheme": "http", "root_path": "",
            "server": ("127.0.0.1", 3000), "client": ("127.0.0.1", 1),
        }  # fmt: skip
        asyncio.run(app(scope, receive, send))
        start = sent[0]
        self.status: int = start["status"]
        self.headers = {key.decode(): value.decode() for key, value in start["headers"]}
        self.text = b"".join(message.get("body", b"") for message in sent[1:]).decode("utf-8", "replace")


@pytest.fixture
def app(data: DataPaths) -> Iterator[Starlette]:
    yield Starlette(routes=Documents(data).routes())


@pytest.fixture
def published(data: DataPaths) -> DataPaths:
    for name, text in ((LEADERS_PAGE, "bảng"), (QUALITY_PAGE, "chất lượng"), ("tai_lieu/tu_dien/index.html", "từ")):
        (data.marts / name).parent.mkdir(parents=True, exist_ok=True)
        (data.marts / name).write_text(text, encoding="utf-8")
    data.marts_file.write_bytes(b"kho")
    data.papers.mkdir()
    (data.papers / "bao_cao.docx").write_bytes(b"PK")
    (data.papers / "<b>&.xlsx").write_bytes(b"PK")
    (data.papers / "ghi_chu.txt").write_text("nháp", encoding="utf-8")
    return data


def test_before_the_first_publication_it_says_so(app: Starlette) -> None:
    answer = Answer(app, "GET", "/bang-dieu-hanh")
    assert answer.status == 404
    assert "kho run" in answer.text
    assert Answer(app, "GET", "/tai_lieu/x.html").status == 404
    assert "Chưa có văn bản nào" in Answer(app, "GET", "/van_ban/").text


def test_pages_papers_and_dictionary_are_under_one_address(published: DataPaths, app: Starlette) -> None:
    for address in ("/bang-dieu-hanh", "/bang-dieu-hanh/"):
        front = Answer(app, "GET", address)
        assert (front.status, front.headers["location"]) == (307, f"/{LEADERS_PAGE}")
    assert Answer(app, "GET", f"/{LEADERS_PAGE}").text == "bảng"
    assert Answer(app, "GET", "/tai_lieu/tu_dien/").text == "từ"
    assert Answer(app, "GET", "/tai_lieu/chat_luong.html").text == "chất lượng"
    listed = Answer(app, "GET", "/van_ban/").text
    assert '<a href="bao_cao.docx">' in listed
    assert "&lt;b&gt;&amp;.xlsx" in listed
    assert "<b>" not in listed
    assert "ghi_chu" not in listed
    assert Answer(app, "GET", "/van_ban/bao_cao.docx").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/bang-dieu-hanh", "/tai_lieu/chat_luong.html", "/van_ban/", "/van_ban/bao_cao.docx"])
def test_nothing_there_can_be_written(published: DataPaths, app: Starlette, method: str, path: str) -> None:
    before = {file: file.read_bytes() for file in published.root.rglob("*") if file.is_file()}
    assert Answer(app, method, path).status == 405
    assert {file: file.read_bytes() for file in published.root.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(
    "path",
    [
        "/tai_lieu/../kho.duckdb", "/tai_lieu/..%2fkho.duckdb", "/tai_lieu/%2e%2e/kho.duckdb",
        "/van_ban/../marts/kho.duckdb", "/van_ban//etc/passwd", "/tai_lieu/ra/passwd", "/van_ban/ra",
    ],
)  # fmt: skip
def test_no_way_leads_out_of_the_folders(published: DataPaths, app: Starlette, tmp_path: Path, path: str) -> None:
    (published.marts / "tai_lieu" / "ra").symlink_to("/etc")
    (published.papers / "ra").symlink_to("/etc/passwd")
    answer = Answer(app, "GET", path)
    assert answer.status == 404
    assert "root:" not in answer.text
    assert answer.text != "kho"


@pytest.mark.parametrize("path", ["/tai_lieu/../kho.duckdb", "/van_ban/../marts/kho.duckdb", "/../27/marts/kho.duckdb"])
def test_nor_out_of_a_provinces_own(published: DataPaths, path: str) -> None:
    app = Starlette(routes=Documents(published, "/tinh/24").routes())
    assert Answer(app, "GET", "/tinh/24/tai_lieu/tu_dien/").text == "từ"
    assert Answer(app, "GET", "/tinh/24/bang-dieu-hanh").headers["location"] == f"/tinh/24/{LEADERS_PAGE}"
    assert '<a href="/tinh/24/bang-dieu-hanh">' in Answer(app, "GET", "/tinh/24/van_ban/").text
    answer = Answer(app, "GET", f"/tinh/24{path}")
    assert (answer.status, answer.text == "kho") == (404, False)
