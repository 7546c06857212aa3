"""``python -m pipelines.questions``: the index page; with ``--mau-nho`` and ``--bao-cao-goc``, data folders with the
publications of the small sample and of the founding report's preset, the results page too."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pipelines.config.paths import DataPaths
from pipelines.questions import pages
from pipelines.questions.answers import Answer, State, answers
from pipelines.questions.statements import PUBLICATIONS, Statement, load


def main() -> int:
    """0, or 1 where a statement fails; nothing of the results is written then."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.questions", description=__doc__)
    parser.add_argument("--mau-nho", type=Path, metavar="THƯ_MỤC")
    parser.add_argument("--bao-cao-goc", type=Path, metavar="THƯ_MỤC")
    chosen = parser.parse_args()
    if (chosen.mau_nho is None) != (chosen.bao_cao_goc is None):
        parser.error("--mau-nho và --bao-cao-goc đi cùng nhau")
    statements = load()
    pages.write_index(statements)
    if chosen.mau_nho is None:
        return 0
    small = _asked(chosen.mau_nho, statements, "mau_nho")
    founding = _asked(chosen.bao_cao_goc, statements, "bao_cao_goc")
    wrong = [answer for answer in small + founding if answer.state is State.WRONG]
    for answer in wrong:
        sys.stderr.write(f"{answer.code}: {answer.first}\n")
    if not wrong:
        pages.write_results(statements, small, founding)
    return 1 if wrong else 0


def _asked(folder: Path, statements: list[Statement], publication: str) -> list[Answer]:
    return list(answers(DataPaths(folder.resolve()), statements, PUBLICATIONS[publication]))


if __name__ == "__main__":
    sys.exit(main())
