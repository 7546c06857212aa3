"""Which province of a deployment of several this process works for: ``$KHO_TINH``, set by ``kho ui --cac-tinh``.

Dagster knows an asset by its key alone, whatever code location it is of: without the province in the key, one
province's materialisations, checks and freshness would stand for another's. In a deployment of one nothing is added.
"""

from __future__ import annotations

import os

VARIABLE = "KHO_TINH"
TAG = "kho/tinh"
"""Tag of every run of such a deployment: the location it is of."""


def location_name(code: str) -> str:
    """Name of a province's code location; the first part of its asset keys."""
    return f"tinh_{code}"


def own_location() -> str | None:
    """The code location of this process; None in a deployment of one province."""
    code = os.environ.get(VARIABLE)
    return location_name(code) if code else None


def address(code: str | None) -> str:
    """Where the web server shows a province's documents: '' in a deployment of one."""
    return f"/tinh/{code}" if code else ""


def own_address() -> str:
    """``address`` of this process's province."""
    return address(os.environ.get(VARIABLE))
