"""``python -m tests.fuzz.fuzz_spreadsheet_xml [corpus folders] -max_total_time=120``."""

import sys

import atheris

with atheris.instrument_imports(include=["pipelines.intake"]):
    from tests.fuzz.targets import TARGETS

if __name__ == "__main__":
    atheris.Setup(sys.argv, TARGETS["spreadsheet_xml"])
    atheris.Fuzz()
