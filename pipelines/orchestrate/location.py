"""What ``dagster`` loads: the definitions for the data folder of ``$KHO_DATA``."""

from pipelines.nightly import load_job
from pipelines.orchestrate.definitions import build_definitions

defs = build_definitions(load_job())
