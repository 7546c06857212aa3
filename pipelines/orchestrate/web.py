"""``python -m pipelines.orchestrate.web``: Dagster's web server, closed to other sites, with the documents beside it.

For the data folder of ``$KHO_DATA``, or for the provinces of a ``cac_tinh.yaml`` (``--cac-tinh``).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from dagster import DagsterInstance
from dagster._core.workspace.context import WorkspaceProcessContext, WorkspaceRequestContext
from dagster._core.workspace.load_target import ModuleTarget, WorkspaceFileTarget, WorkspaceLoadTarget
from dagster_webserver.webserver import DagsterWebserver
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from pipelines.config.paths import PROJECT_ROOT, data_paths
from pipelines.config.provinces import load_provinces
from pipelines.orchestrate.documents import Documents, routes_of
from pipelines.orchestrate.own_site import OwnSiteOnly
from pipelines.orchestrate.several.code_servers import LOCATION
from pipelines.orchestrate.several.home import workspace_file

ADDRESS = "127.0.0.1"


class GuardedWebserver(DagsterWebserver[WorkspaceProcessContext, WorkspaceRequestContext]):
    """Dagster's own application behind ``OwnSiteOnly``."""

    def __init__(
        self, context: WorkspaceProcessContext, port: int, hosts: tuple[str, ...], documents: Sequence[BaseRoute]
    ) -> None:
        super().__init__(context)
        self._guard = Middleware(OwnSiteOnly, port=port, hosts=hosts)
        self._documents = documents

    def build_middleware(self) -> list[Middleware]:
        """The guard first: nothing of a foreign request is looked at."""
        return [self._guard, *super().build_middleware()]

    def build_routes(self) -> list[BaseRoute]:
        """The documents before Dagster's own routes, which end with one for every path."""
        own: list[BaseRoute] = super().build_routes()  # type: ignore[no-untyped-call]
        return [*self._documents, *own]


def serve(port: int, hosts: tuple[str, ...], *, read_only: bool, provinces: Path | None) -> None:
    """Serve the instance of ``$DAGSTER_HOME`` on loopback until interrupted."""
    target: WorkspaceLoadTarget
    if provinces is None:
        target = ModuleTarget(
            module_name=LOCATION, attribute=None, working_directory=str(PROJECT_ROOT), location_name=LOCATION
        )
        documents = Documents(data_paths()).routes()
    else:
        chosen = load_provinces(provinces)
        target = WorkspaceFileTarget(paths=[str(workspace_file(chosen))])
        documents = routes_of(chosen.tinh)
    with (
        DagsterInstance.get() as instance,
        WorkspaceProcessContext(instance, workspace_load_target=target, read_only=read_only) as context,
    ):
        application = GuardedWebserver(context, port, hosts, documents).create_asgi_app()
        uvicorn.run(application, host=ADDRESS, port=port, log_level="warning")


def main() -> None:
    """Read the options that ``kho ui`` passes on."""
    os.umask(0o077)
    parser = argparse.ArgumentParser(prog="kho ui")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host-name", action="append", default=[])
    parser.add_argument("--read-only", action="store_true")
    parser.add_argument("--cac-tinh", type=Path)
    given = parser.parse_args()
    serve(given.port, tuple(given.host_name), read_only=given.read_only, provinces=given.cac_tinh)


if __name__ == "__main__":
    main()
