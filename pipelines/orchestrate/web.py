"""``python -m pipelines.orchestrate.web``: Dagster's web server for one data folder, closed to other sites.

Beside Dagster's own pages it shows the published quality page, which failed checks link to.
"""

from __future__ import annotations

import argparse
import os

import uvicorn
from dagster import DagsterInstance
from dagster._core.workspace.context import WorkspaceProcessContext, WorkspaceRequestContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster_webserver.webserver import DagsterWebserver
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pipelines.config.paths import PROJECT_ROOT, data_paths
from pipelines.nightly import QUALITY_PAGE
from pipelines.orchestrate.own_site import OwnSiteOnly
from pipelines.orchestrate.specs import QUALITY_URL

LOCATION = "pipelines.orchestrate.location"
ADDRESS = "127.0.0.1"
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
        """The quality page before Dagster's own routes, which end with one for every path."""
        own: list[BaseRoute] = super().build_routes()  # type: ignore[no-untyped-call]
        return [Route(QUALITY_URL, quality_page), *own]


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
