"""``python -m pipelines.orchestrate.web``: Dagster's web server for one data folder, closed to other sites.

Beside Dagster's own pages it shows, read-only, what the province hands out: ``/tai_lieu/`` (leaders' page, dictionary,
quality page, which failed checks link to) and ``/van_ban/`` (papers that an office has put into ``<data>/van_ban``).
"""

from __future__ import annotations

import argparse
import os
from urllib.parse import quote

import uvicorn
from dagster import DagsterInstance
from dagster._core.workspace.context import WorkspaceProcessContext, WorkspaceRequestContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster_webserver.webserver import DagsterWebserver
from markupsafe import Markup
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from pipelines.config.paths import PROJECT_ROOT, data_paths
from pipelines.orchestrate.own_site import OwnSiteOnly
from pipelines.orchestrate.specs import QUALITY_URL
from pipelines.publishing import LEADERS_PAGE, QUALITY_PAGE

LOCATION = "pipelines.orchestrate.location"
ADDRESS = "127.0.0.1"
PAPERS = frozenset({".docx", ".xlsx", ".pdf"})
_PAPERS = Markup(
    '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Văn bản – Kho 06</title></head><body>'
    '<nav><a href="/bang-dieu-hanh">Bảng điều hành</a></nav><main><h1>Văn bản</h1>{}</main></body></html>'
)
_NO_LEADERS_PAGE = "Chưa có bảng điều hành: trang được làm ở lần công bố đầu tiên (`kho run`).\n"
_NO_PAGE = "Chưa có trang chất lượng: trang được làm ở lần công bố đầu tiên (`kho run`).\n"


class GuardedWebserver(DagsterWebserver[WorkspaceProcessContext, WorkspaceRequestContext]):
    """Dagster's own application behind ``OwnSiteOnly``."""

    def __init__(self, context: WorkspaceProcessContext, port: int, hosts: tuple[str, ...]) -> None:
        super().__init__(context)
        self._guard = Middleware(OwnSiteOnly, port=port, hosts=hosts)

    def build_middleware(self) -> list[Middleware]:
        """The guard first: nothing of a foreign request is looked at."""
        return [self._guard, *super().build_middleware()]

    def build_routes(self) -> list[BaseRoute]:
        """The documents before Dagster's own routes, which end with one for every path."""
        own: list[BaseRoute] = super().build_routes()  # type: ignore[no-untyped-call]
        return [*document_routes(), *own]


class _Folder(StaticFiles):
    """Files of a folder that may not be there yet: then none of them is found, and that is no failure."""

    async def check_config(self) -> None:
        """Nothing to check."""


def document_routes() -> list[BaseRoute]:
    """Addresses of the published pages and of the papers; nothing there can be written, links out are not followed."""
    paths = data_paths()
    return [
        Route("/bang-dieu-hanh", leaders_page),
        Route(QUALITY_URL, quality_page),
        Mount("/tai_lieu", _Folder(directory=paths.marts / "tai_lieu", html=True, check_dir=False)),
        Mount("/mo", _Folder(directory=paths.marts / "mo", html=True, check_dir=False)),
        Route("/van_ban/", papers),
        Mount("/van_ban", _Folder(directory=paths.papers, check_dir=False)),
    ]


async def leaders_page(_: Request) -> Response:
    """To the published leaders' page, or 404 with words before the first publication."""
    if not (data_paths().marts / LEADERS_PAGE).is_file():
        return PlainTextResponse(_NO_LEADERS_PAGE, status_code=404)
    return RedirectResponse(f"/{LEADERS_PAGE}")


async def papers(_: Request) -> Response:
    """The papers in ``<data>/van_ban``, the newest first."""
    folder = data_paths().papers
    found = [file for file in folder.iterdir() if file.suffix in PAPERS and file.is_file()] if folder.is_dir() else []
    found.sort(key=lambda file: (-file.stat().st_mtime, file.name))
    lines = [Markup('<li><a href="{}">{}</a></li>').format(quote(file.name), file.name) for file in found]
    empty = Markup("<p>Chưa có văn bản nào: ghi bằng <code>kho report … --out {}/…</code>.</p>").format(folder.name)
    return HTMLResponse(_PAPERS.format(Markup("<ul>{}</ul>").format(Markup("").join(lines)) if lines else empty))


async def quality_page(_: Request) -> Response:
    """The published quality page, or 404 with words before the first publication."""
    page = data_paths().marts / QUALITY_PAGE
    if not page.is_file():
        return PlainTextResponse(_NO_PAGE, status_code=404)
    return FileResponse(page, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-cache"})


def serve(port: int, hosts: tuple[str, ...], *, read_only: bool) -> None:
    """Serve the instance of ``$DAGSTER_HOME`` on loopback until interrupted."""
    target = ModuleTarget(
        module_name=LOCATION, attribute=None, working_directory=str(PROJECT_ROOT), location_name=LOCATION
    )
    with (
        DagsterInstance.get() as instance,
        WorkspaceProcessContext(instance, workspace_load_target=target, read_only=read_only) as context,
    ):
        application = GuardedWebserver(context, port, hosts).create_asgi_app()
        uvicorn.run(application, host=ADDRESS, port=port, log_level="warning")


def main() -> None:
    """Read the options that ``kho ui`` passes on."""
    os.umask(0o077)
    parser = argparse.ArgumentParser(prog="kho ui")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host-name", action="append", default=[])
    parser.add_argument("--read-only", action="store_true")
    given = parser.parse_args()
    serve(given.port, tuple(given.host_name), read_only=given.read_only)


if __name__ == "__main__":
    main()
