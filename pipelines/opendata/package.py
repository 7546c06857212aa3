"""What describes the open tables: ``datapackage.json`` (Frictionless Data Package 2.0), ``catalog.jsonld`` (DCAT 3),
and a page for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.config import figures
from pipelines.config.html import environment
from pipelines.config.open_data import OpenData
from pipelines.opendata.tables import (
    DAY,
    FOLDER,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    Column,
    Described,
    OpenTable,
    days_of,
    read_back,
)

DATAPACKAGE, CATALOG, INDEX = "datapackage.json", "catalog.jsonld", "index.html"
NAME = "kho06-du-lieu-mo"
TITLE = "Dữ liệu mở thủ tục hành chính và hộ tịch của tỉnh"
ABOUT = (
    "Số liệu tổng hợp theo tháng từ kho dữ liệu Đề án 06 của tỉnh. Không có dữ liệu cá nhân. Ô đếm dưới ngưỡng để "
    "trống, cùng những ô có thể suy ngược ra chúng; số 0 được ghi. Tháng đã mở thì số đứng yên."
)
RHYTHM = "Mỗi tháng thêm một tháng; thư mục được xem lại mỗi đêm."
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_FIELD = {TEXT: "string", WHOLE: "integer", NUMBER: "number", TRUTH: "boolean", DAY: "date"}
_FORMS = {
    "csv": ("text/csv", "https://www.iana.org/assignments/media-types/text/csv"),
    "parquet": (
        "application/vnd.apache.parquet",
        "https://www.iana.org/assignments/media-types/application/vnd.apache.parquet",
    ),
}
_HELD = "Nhóm số liệu này đang bị giữ lại ở cổng chất lượng: bảng giữ như lần công bố trước."
_MART = "Kho 06, bảng "
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
Document = dict[str, Any]


def stands(marts: Path) -> bool:
    """Whether open data stand below ``marts``: not while they are paused, nor before they were ever made."""
    return (marts / FOLDER / INDEX).is_file()


def described(tables: Sequence[OpenTable], settings: OpenData) -> dict[str, bytes]:
    """Both descriptions, and a page for people, by path; equal tables and settings give equal bytes."""
    return {
        f"{FOLDER}/{INDEX}": _index(tables, settings).encode(),
        f"{FOLDER}/{DATAPACKAGE}": _bytes(datapackage(tables, settings)),
        f"{FOLDER}/{CATALOG}": _bytes(catalog(tables, settings)),
    }


def _index(tables: Sequence[OpenTable], settings: OpenData) -> str:
    listed = [
        (table, [(f"{table.described.name}.{form}", _size(content)) for form, content in _files(table).items()])
        for table in tables
    ]
    page = environment(Path(__file__).with_name("templates"), ngay=figures.day).get_template("index.html.j2")
    return page.render(title=TITLE, about=ABOUT, rhythm=RHYTHM, settings=settings, tables=listed, held=_HELD)


def _size(content: bytes) -> str:
    return f"{figures.grouped(max(1, round(len(content) / 1_000)))} kB"


def _bytes(document: Document) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _files(table: OpenTable) -> dict[str, bytes]:
    return {"csv": table.csv, "parquet": table.parquet}


def datapackage(tables: Sequence[OpenTable], settings: OpenData) -> Document:
    """The package: every table as CSV and as Parquet, with the schema of both."""
    contact = {"email": settings.lien_he} if settings.lien_he else {}
    resources = [_resource(table, form, content) for table in tables for form, content in _files(table).items()]
    newest = max((table.modified for table in tables), default=None)
    digest = hashlib.sha256("".join(resource["hash"] for resource in resources).encode()).hexdigest()
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "title": TITLE,
        "description": f"{ABOUT} {RHYTHM}",
        **({"homepage": settings.dia_chi} if settings.dia_chi else {}),
        **(
            {"created": f"{newest.isoformat()}T00:00:00+07:00", "version": f"{newest:%Y.%m.%d}-{digest[:8]}"}
            if newest
            else {}
        ),
        "licenses": [_licence(settings)],
        "contributors": [{"title": settings.chu_quan, "roles": ["publisher"], **contact}],
        "sources": [_source(mart) for mart in sorted({m for t in tables for m in t.described.sources})],
        "keywords": ["thủ tục hành chính", "dịch vụ công", "hộ tịch", "Đề án 06", "Bộ chỉ số 766"],
        "resources": resources,
    }


def _licence(settings: OpenData) -> Document:
    licence = settings.giay_phep
    return {"name": licence.ma, "title": licence.ten, "path": licence.dia_chi}


def _resource(table: OpenTable, form: str, content: bytes) -> Document:
    what = table.described
    fields = []
    for column in what.columns:
        about = {"description": column.about} if column.about else {}
        needed = {"constraints": {"required": True}} if column.name in what.key else {}
        fields.append({"name": column.name, "type": _FIELD[column.kind], "title": column.title, **about, **needed})
    reading = (
        {"encoding": "utf-8", "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True}}
        if form == "csv"
        else {}
    )
    return {
        "name": what.name if form == "csv" else f"{what.name}-{form}",
        "type": "table",
        "path": f"{what.name}.{form}",
        "title": what.title,
        "description": _about(table),
        "format": form,
        "mediatype": _FORMS[form][0],
        **reading,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "sources": [_source(mart) for mart in what.sources],
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": fields,
            "primaryKey": list(what.key),
            "missingValues": [""],
        },
    }


def _source(mart: str) -> Document:
    return {"title": f"{_MART}{mart}"}


def described_tables(package: Document, parquet: Mapping[str, bytes]) -> list[OpenTable]:
    """The tables that a ``datapackage.json`` of ours describes, with the Parquet file of each."""
    kinds = {name: kind for kind, name in _FIELD.items()}
    tables = []
    for resource in package["resources"]:
        if resource["format"] != "csv" or resource["name"] not in parquet:
            continue
        columns = tuple(
            Column(field["name"], field["title"], kinds[field["type"]], field.get("description", ""))
            for field in resource["schema"]["fields"]
        )
        what = Described(
            resource["name"],
            resource["title"],
            resource["description"],
            tuple(resource["schema"]["primaryKey"]),
            columns,
            tuple(source["title"].removeprefix(_MART) for source in resource["sources"]),
        )
        content = parquet[what.name]
        rows = read_back(content)
        issued, modified = days_of(rows)
        tables.append(OpenTable(what, rows, issued, modified, False, content))
    return tables


def _about(table: OpenTable) -> str:
    return f"{table.described.about} {_HELD}" if table.held else table.described.about


def catalog(tables: Sequence[OpenTable], settings: OpenData) -> Document:
    """The catalogue: a dataset a table, a distribution a file."""
    publisher = {"@type": "foaf:Agent", "foaf:name": _vi(settings.chu_quan)}
    contact = (
        {
            "dcat:contactPoint": {
                "@type": "vcard:Organization",
                "vcard:fn": settings.chu_quan,
                "vcard:hasEmail": {"@id": f"mailto:{settings.lien_he}"},
            }
        }
        if settings.lien_he
        else {}
    )
    shared = {
        "dct:publisher": publisher,
        **contact,
        "dct:license": {"@id": settings.giay_phep.dia_chi},
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/VIE"},
    }
    dates = [day for table in tables for day in (table.issued, table.modified)]
    return {
        "@context": _CONTEXT,
        "@id": _at(settings, CATALOG),
        "@type": "dcat:Catalog",
        "dct:title": _vi(TITLE),
        "dct:description": _vi(ABOUT),
        **shared,
        **({"dct:issued": _day(min(dates)), "dct:modified": _day(max(dates))} if dates else {}),
        "dcat:dataset": [_dataset(table, settings, shared) for table in tables],
    }


def _dataset(table: OpenTable, settings: OpenData, shared: Document) -> Document:
    what = table.described
    return {
        "@id": _at(settings, f"{CATALOG}#{what.name}"),
        "@type": "dcat:Dataset",
        "dct:identifier": what.name,
        "dct:title": _vi(what.title),
        "dct:description": _vi(_about(table)),
        **shared,
        "dct:issued": _day(table.issued),
        "dct:modified": _day(table.modified),
        "dct:accrualPeriodicity": {"@id": _FREQUENCY + ("MONTHLY" if "ky" in what.key else "IRREG")},
        "dcat:distribution": [
            {
                "@id": _at(settings, f"{CATALOG}#{what.name}.{form}"),
                "@type": "dcat:Distribution",
                "dct:title": _vi(f"{what.title} ({form})"),
                "dcat:accessURL": {"@id": _at(settings, f"{what.name}.{form}")},
                "dcat:downloadURL": {"@id": _at(settings, f"{what.name}.{form}")},
                "dcat:mediaType": {"@id": _FORMS[form][1]},
                "dct:license": {"@id": settings.giay_phep.dia_chi},
                "dcat:byteSize": {"@value": str(len(content)), "@type": "xsd:nonNegativeInteger"},
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": {"@value": hashlib.sha256(content).hexdigest(), "@type": "xsd:hexBinary"},
                },
            }
            for form, content in _files(table).items()
        ],
    }


def _at(settings: OpenData, name: str) -> str:
    """An address; relative to the catalogue itself where the operator names none."""
    return f"{settings.dia_chi.rstrip('/')}/{name}" if settings.dia_chi else name


def _vi(text: str) -> Document:
    return {"@value": text, "@language": "vi"}


def _day(day: Any) -> Document:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
