"""What ``dagster`` loads: the definitions for the data folder of ``$KHO_DATA``."""

import os

from pipelines.job import load_job
from pipelines.orchestrate.definitions import build_definitions

os.umask(0o077)  # the daemon's own process never passes through ``kho``
defs = build_definitions(load_job())
