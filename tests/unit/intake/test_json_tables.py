"""JSON whose records are lists, columns or numbered objects is read as the table that it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.intake.dossier_rows import FEED, HEAD, row_of
from tests.unit.intake.one_file import read

ROWS = [row_of(1), row_of(2), row_of(3)]
OBJECTS = [dict(zip(HEAD, row, strict=True)) for row in ROWS]
COLUMNS = {name: [row[place] for row in ROWS] for place, name in enumerate(HEAD)}


@pytest.mark.parametrize(
    "document",
    [
        [HEAD, *ROWS],
        [["DANH SÁCH HỒ SƠ"], [], HEAD, *ROWS],
        {"columns": HEAD, "data": ROWS},
        {"columns": HEAD, "index": [0, 1, 2], "data": ROWS},
        {"data": {"rows": ROWS, "cols": [{"name": name, "type": "text"} for name in HEAD]}, "status": "completed"},
        {str(place): record for place, record in enumerate(OBJECTS)},
        {"result": {f"hs{place}": record for place, record in enumerate(OBJECTS)}},
        COLUMNS,
        {name: {str(place): value for place, value in enumerate(values)} for name, values in COLUMNS.items()},
        {"d": json.dumps(OBJECTS)},
        {"result": json.dumps({"data": OBJECTS})},
    ],
)
def test_records_that_are_no_objects_in_a_list(document: Any, tmp_path: Path) -> None:
    plain = read(tmp_path, FEED, "a.json", json.dumps(OBJECTS))

    found = read(tmp_path, FEED, "b.json", json.dumps(document, ensure_ascii=False))

    assert [row["ma_ho_so"] for row in found.rows] == [row[0] for row in ROWS]
    assert found.column("phi_le_phi") == plain.column("phi_le_phi")
    assert (found.faults, found.unknown, found.doubts) == ([], [], [])


def test_point_of_a_number_parts_no_thousands(tmp_path: Path) -> None:
    row = json.dumps(ROWS[0]).replace('"1.204.000"', "1.204")
    document = f'{{"columns": {json.dumps(HEAD)}, "rows": [{row}]}}'

    assert str(read(tmp_path, FEED, "a.json", document).column("phi_le_phi")[0]) == "1.20"


def test_marks_of_files_put_one_after_another(tmp_path: Path) -> None:
    lines = "\n".join("\ufeff" + json.dumps(record) for record in OBJECTS)

    assert len(read(tmp_path, FEED, "a.jsonl", lines).sound) == len(ROWS)


def test_row_wider_than_the_names_is_kept_beside(tmp_path: Path) -> None:
    document = {"columns": HEAD, "rows": [ROWS[0], [*ROWS[1], "thừa"]]}

    found = read(tmp_path, FEED, "a.json", json.dumps(document))

    assert found.unknown == [f"(cột {len(HEAD) + 1})"]
    assert len(found.sound) == 2
