"""Damaged files of every format through the reader process: ``python -m tests.fuzz.fuzz_worker [--formats xls ods]``.

Whatever they do to it, each is read or refused in words, and the file that comes after is read.
"""

from __future__ import annotations

import argparse
import collections
import io
import random
import tempfile
import time
import zipfile
from dataclasses import replace
from pathlib import Path

from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits
from pipelines.intake.worker.process import ReaderProcess, ReadingFailedError
from tests.unit.intake.one_file import DOSSIER_HEADERS, dossiers, workbook
from tests.unit.intake.sheet_files import html, ods, ods_rows, spreadsheet_xml, xls, xml_rows, zipped

FEED = "dvc/ho_so"
ROWS = [["DANH SÁCH", *[None] * 6], DOSSIER_HEADERS, *dossiers()]
SEEDS: dict[str, bytes] = {
    "xlsx": workbook({"T": ROWS, "U": ROWS}, {"T": [(0, 0, 0, 6)]}),
    "xls": xls({"T": ROWS, "U": ROWS}, [(0, 0, 0, 6)], hidden=["U"]),
    "ods": ods({"T": ods_rows(ROWS)}),
    "html": html(ROWS, [(0, 0, 0, 6)]).encode(),
    "spreadsheet_xml": spreadsheet_xml(xml_rows(ROWS)).encode(),
    "zip": zipped({"a.csv": ";".join(DOSSIER_HEADERS), "b.xlsx": workbook({"T": ROWS})}),
}
PIECES = (
    b"\0",
    b"\xff" * 8,
    b"<",
    b">",
    b'"',
    b"<![CDATA[",
    b"9999999999",
    b"-1",
    b"XFD1048576",
    b'colspan="65534"',
    b"&#x0;",
)


def damaged(seed: bytes, chance: random.Random) -> bytes:
    """``seed`` with a few bytes changed, cut, doubled or put in; of a zip often a part of it, packed again."""
    if seed[:2] == b"PK" and chance.random() < 0.7:
        return _repacked(seed, chance)
    data = bytearray(seed)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) + 1)
        span = chance.choice((1, 2, 4, 40, 400))
        how = chance.randrange(5)
        if how == 0:
            data[at : at + span] = chance.randbytes(span)
        elif how == 1:
            del data[at : at + span]
        elif how == 2:
            data[at:at] = data[at : at + span] * chance.randint(1, 20)
        elif how == 3:
            data[at:at] = chance.choice(PIECES)
        else:
            data[at : at + 4] = chance.choice((0, 1, 255, 65_535, 2**31 - 1, 2**32 - 1)).to_bytes(4, "little")
    return bytes(data)


def _repacked(seed: bytes, chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed)) as archive, zipfile.ZipFile(buffer, "w") as made:
        names = archive.namelist()
        victim = chance.choice(names)
        for name in names:
            body = archive.read(name)
            how = chance.randrange(4) if name == victim else None
            if how == 0:
                continue
            shown = name.upper() if how == 1 else name.replace("/", "\\") if how == 2 else name
            made.writestr(shown, damaged(body, chance) if name == victim and body[:2] != b"PK" and body else body)
    return buffer.getvalue()


def run(formats: list[str], seconds: float, seed: int = 0) -> dict[str, collections.Counter[str]]:
    """Outcomes by format: ``read``, ``refused``, or the kind of an unforeseen fault."""
    lists = load_code_lists()
    contracts = load_contracts(code_lists=lists)
    limits = replace(Limits(), reader_seconds=10, reader_memory_bytes=1_000_000_000, sheet_cells=2_000_000)
    outcomes: dict[str, collections.Counter[str]] = {}
    chance = random.Random(seed)  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="kho_fuzz_") as folder:
        reader = ReaderProcess(contracts, lists, limits, Path(folder))
        try:
            for name in formats:
                counts = outcomes.setdefault(name, collections.Counter())
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    counts[_one(reader, damaged(SEEDS[name], chance), name)] += 1
                assert _one(reader, SEEDS[name], name) == "read"
        finally:
            reader.close()
    return outcomes


def _one(reader: ReaderProcess, data: bytes, name: str) -> str:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            reader.read(file, FEED, f"a.{name}")
        except ReadingFailedError as failure:
            assert str(failure)
            return failure.trace.strip().splitlines()[-1][:120] if failure.trace.strip() else str(failure)[:120]
        except FileRefusedError as refusal:
            assert str(refusal)
            return "refused"
    return "read"


def main() -> None:
    """Print what became of the damaged files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for each format")
    parser.add_argument("--formats", nargs="+", choices=list(SEEDS), default=list(SEEDS))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for name, counts in run(options.formats, options.seconds, options.seed).items():
        print(f"{name}: {sum(counts.values())} files: " + ", ".join(f"{what} {n}" for what, n in counts.most_common()))


if __name__ == "__main__":
    main()
