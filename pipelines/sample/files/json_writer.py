"""JSON arrays, ``{"data": [...]}`` objects, JSON lines, and free JSON documents (the portal's own answers)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from pipelines.sample.files.export import Export, Sheet, Written


def _records(sheet: Sheet) -> list[dict[str, object]]:
    columns = list(zip(sheet.frame.columns, sheet.headers, strict=True))
    records = []
    for index, row in enumerate(sheet.frame.iter_rows(named=True)):
        # systems differ in writing null or leaving the key out: both occur
        keep_null = index % 3 != 0 or index < 2
        records.append({header: row[name] for name, header in columns if keep_null or row[name] is not None})
    return records


def write_json(export: Export, path: Path) -> Written:
    """Write ``export`` as ``.json`` or ``.jsonl``; rows are 1-based elements."""
    if export.payload is not None:
        text = json.dumps(export.payload, ensure_ascii=False, indent=1)
        path.write_bytes(text.encode("utf-8"))
        return Written([np.zeros(0, dtype=np.int64) for _ in export.sheets], ["" for _ in export.sheets])
    (sheet,) = export.sheets
    records = _records(sheet)
    if export.format == "jsonl":
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    else:
        text = json.dumps({"data": records} if export.wrapped else records, ensure_ascii=False, indent=0)
    path.write_bytes(text.encode("utf-8"))
    return Written([np.arange(1, len(records) + 1)], [""])
