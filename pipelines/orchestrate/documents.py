"""What a province hands out, shown read-only beside Dagster's own pages.

``/tai_lieu/`` (leaders' page, dictionary, quality page, which failed checks link to), ``/mo/`` (open data) and
``/van_ban/`` (papers that an office has put into ``<data>/van_ban``); of several provinces each below ``/tinh/<code>``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from pipelines.config.paths import DataPaths
from pipelines.config.provinces import Province
from pipelines.orchestrate.several.province import address
from pipelines.publishing import LEADERS_PAGE, QUALITY_PAGE

PAPERS = frozenset({".docx", ".xlsx", ".pdf"})
_PAGE = Markup(
    '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{} – Kho 06</title></head><body>{}</body></html>'
)
_PAPERS = Markup('<nav><a href="{}/bang-dieu-hanh">Bảng điều hành</a></nav><main><h1>Văn bản</h1>{}</main>')
_NO_LEADERS_PAGE = "Chưa có bảng điều hành: trang được làm ở lần công bố đầu tiên (`kho run`).\n"
_NO_PAGE = "Chưa có trang chất lượng: trang được làm ở lần công bố đầu tiên (`kho run`).\n"


class _Folder(StaticFiles):
    """Files of a folder that may not be there yet: then none of them is found, and that is no failure."""

    async def check_config(self) -> None:
        """Nothing to check."""


@dataclass(frozen=True)
class Documents:
    """The documents of one data folder, below the address ``base``."""

    paths: DataPaths
    base: str = ""

    def routes(self) -> list[BaseRoute]:
        """Addresses of pages and papers; nothing there can be written, links out are not followed."""
        marts = self.paths.marts
        return [
            *(Route(f"{self.base}/bang-dieu-hanh{end}", self.leaders_page) for end in ("", "/")),
            Route(f"{self.base}/{QUALITY_PAGE}", self.quality_page),
            Mount(f"{self.base}/tai_lieu", _Folder(directory=marts / "tai_lieu", html=True, check_dir=False)),
            Mount(f"{self.base}/mo", _Folder(directory=marts / "mo", html=True, check_dir=False)),
            Route(f"{self.base}/van_ban/", self.papers),
            Mount(f"{self.base}/van_ban", _Folder(directory=self.paths.papers, check_dir=False)),
        ]

    async def leaders_page(self, _: Request) -> Response:
        """To the published leaders' page, or 404 with words before the first publication."""
        if not (self.paths.marts / LEADERS_PAGE).is_file():
            return PlainTextResponse(_NO_LEADERS_PAGE, status_code=404)
        return RedirectResponse(f"{self.base}/{LEADERS_PAGE}")

    async def papers(self, _: Request) -> Response:
        """The papers in ``<data>/van_ban``, the newest first."""
        folder = self.paths.papers
        files = folder.iterdir() if folder.is_dir() else ()
        found = [file for file in files if file.suffix in PAPERS and file.is_file()]
        found.sort(key=lambda file: (-file.stat().st_mtime, file.name))
        lines = [Markup('<li><a href="{}">{}</a></li>').format(quote(file.name), file.name) for file in found]
        empty = Markup("<p>Chưa có văn bản nào: ghi bằng <code>kho report … --out {}/…</code>.</p>").format(folder.name)
        listed = Markup("<ul>{}</ul>").format(Markup("").join(lines)) if lines else empty
        return HTMLResponse(_PAGE.format("Văn bản", _PAPERS.format(self.base, listed)))

    async def quality_page(self, _: Request) -> Response:
        """The published quality page, or 404 with words before the first publication."""
        page = self.paths.marts / QUALITY_PAGE
        if not page.is_file():
            return PlainTextResponse(_NO_PAGE, status_code=404)
        return FileResponse(page, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"})


def routes_of(provinces: Sequence[Province]) -> list[BaseRoute]:
    """The documents of several provinces, and ``/tinh/``, which lists them."""
    lines = [
        Markup('<li><a href="{0}/bang-dieu-hanh">{1}</a> · <a href="{0}/van_ban/">văn bản</a></li>').format(
            address(item.ma), item.ten
        )
        for item in provinces
    ]
    body = Markup("<main><h1>Các tỉnh</h1><ul>{}</ul></main>").format(Markup("").join(lines))

    async def listed(_: Request) -> Response:
        return HTMLResponse(_PAGE.format("Các tỉnh", body))

    routes: list[BaseRoute] = [Route("/tinh/", listed)]
    for item in provinces:
        routes += Documents(DataPaths(item.du_lieu), address(item.ma)).routes()
    return routes
