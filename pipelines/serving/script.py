"""What ``psql`` is told: the new schemas beside the old ones, filled, described, and renamed into their place.

Rows go in PostgreSQL's text form, in which no value of a table can end the data or be a command. The whole of it is one
transaction, and a renamed schema locks no table: a reader sees the old publication or the new one, whole.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from pipelines.config.bi import Serving
from pipelines.warehouse.database import described_columns, described_tables, identifier, literal

_FRESH, _OLD = "__moi", "__cu"
DONE, LOST = "KHO06_XONG", "KHO06_MAT "
"""What the client says once the new publication stands; and before the name of each view that could not be kept."""
_OURS = "Kho 06: nạp từ bản công bố; kho tự xóa khi không còn công bố."
"""On every schema that the warehouse made: what is told apart from a schema of somebody else's."""
_TYPES = {
    "BIGINT": "bigint", "INTEGER": "integer", "SMALLINT": "smallint", "DOUBLE": "double precision",
    "BOOLEAN": "boolean", "DATE": "date", "TIMESTAMP": "timestamp", "VARCHAR": "text",
}  # fmt: skip
_BATCH = 20_000
# A view is bound to the tables themselves, not to their names: without this it would go with last night's schema. What
# it says is read before the schemas are renamed, and said again after.
_VIEWS = """CREATE TABLE {place} AS
SELECT DISTINCT v.oid, n.nspname, v.relname, pg_get_viewdef(v.oid) AS cau,
    v.relkind = 'v' AND v.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user) AS giu_duoc
FROM pg_depend d
JOIN pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
JOIN pg_class v ON v.oid = r.ev_class AND v.oid <> d.refobjid
JOIN pg_namespace n ON n.oid = v.relnamespace
JOIN pg_class t ON t.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass
JOIN pg_namespace s ON s.oid = t.relnamespace
WHERE s.nspname IN ({ours}) OR obj_description(s.oid, 'pg_namespace') = {mark};"""
_UNPUBLISHED = """DO $kho06$ DECLARE s text; BEGIN
FOR s IN SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') = {mark}
    AND nspname NOT IN ({ours}) AND nspname NOT LIKE '%\\_\\_cu' LOOP
    EXECUTE format('ALTER SCHEMA %I RENAME TO %I', s, s || '__cu');
END LOOP; END $kho06$;"""
_LEFT = """SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) FROM pg_namespace
WHERE obj_description(oid, 'pg_namespace') = {mark} AND nspname LIKE '%\\_\\_cu' \\gexec"""
_CARRY = """DO $kho06$ DECLARE v record; BEGIN
FOR v IN SELECT * FROM {place} ORDER BY oid LOOP
    BEGIN
        IF NOT v.giu_duoc THEN RAISE EXCEPTION 'khong giu duoc'; END IF;
        EXECUTE format('CREATE OR REPLACE VIEW %I.%I AS %s', v.nspname, v.relname, v.cau);
        IF v.nspname IN ({ours}) THEN
            EXECUTE format('GRANT SELECT ON %I.%I TO %I', v.nspname, v.relname, {role});
        END IF;
    EXCEPTION WHEN OTHERS THEN RAISE WARNING 'KHO06_MAT %.%', v.nspname, v.relname;
    END;
END LOOP; END $kho06$;
DROP TABLE {place};"""
Columns = list[tuple[str, str, str | None]]


def script(connection: duckdb.DuckDBPyConnection, settings: Serving) -> Iterator[bytes]:
    """The statements and rows for every table of the publication. Raises ``duckdb.Error``."""
    tables, columns = described_tables(connection), described_columns(connection)
    schemas = sorted({schema for schema, _, _ in tables})
    mark = literal(_OURS)
    yield _lines(
        "\\set ON_ERROR_STOP on",
        # What a role or a database may have set otherwise, and the texts below rely on.
        "SET standard_conforming_strings = on; SET client_min_messages = warning;",
        f"SET statement_timeout = '{settings.nap_giay}s';",
        *(f"DROP SCHEMA IF EXISTS {identifier(schema + end)} CASCADE;" for schema in schemas for end in (_FRESH, _OLD)),
        _LEFT.format(mark=mark),
        "BEGIN;",
        *(
            f"CREATE SCHEMA {identifier(schema + _FRESH)}; COMMENT ON SCHEMA {identifier(schema + _FRESH)} IS {mark};"
            for schema in schemas
        ),
    )
    for schema, table, comment in tables:
        yield from _table(connection, (schema, table), columns[schema, table], comment)
    role = identifier(settings.vai_tro_doc)
    ours = ", ".join(literal(schema) for schema in schemas)
    noted = [f"{identifier(schemas[0] + end)}.kho06_khung_nhin" for end in (_FRESH, "")]  # no right to temporary tables
    yield _lines(_VIEWS.format(ours=ours, place=noted[0], mark=mark))
    for schema in schemas:
        fresh, old = identifier(schema + _FRESH), identifier(schema + _OLD)
        yield _lines(
            f"GRANT USAGE ON SCHEMA {fresh} TO {role};",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA {fresh} TO {role};",
            f"DO $$ BEGIN IF to_regnamespace({literal(identifier(schema))}) IS NOT NULL THEN "
            f"ALTER SCHEMA {identifier(schema)} RENAME TO {old}; END IF; END $$;",
            f"ALTER SCHEMA {fresh} RENAME TO {identifier(schema)};",
        )
    yield _lines(_UNPUBLISHED.format(ours=ours, mark=mark))
    yield _lines(_CARRY.format(ours=ours, place=noted[1], role=literal(settings.vai_tro_doc)))
    yield _lines("COMMIT;", f"\\echo {DONE}", "SET lock_timeout = '2s';", "\\set ON_ERROR_STOP off")
    # a reader of last night's rows may still hold them: then the next night drops them
    yield _lines(*(f"DROP SCHEMA IF EXISTS {identifier(schema + _OLD)} CASCADE;" for schema in schemas))
    yield _lines(_LEFT.format(mark=mark))


def _table(
    connection: duckdb.DuckDBPyConnection, named: tuple[str, str], columns: Columns, comment: str | None
) -> Iterator[bytes]:
    schema, table = named
    place = f"{identifier(schema + _FRESH)}.{identifier(table)}"
    wanted = ", ".join(f"{identifier(name)} {_type(kind)}" for name, kind, _ in columns)
    yield _lines(f"CREATE TABLE {place} ({wanted});", f"COPY {place} FROM STDIN;")
    cells = [_cell(name) for name, _, _ in columns]
    rows = connection.execute(
        f"SELECT concat({', chr(9), '.join(cells)}) FROM {identifier(schema)}.{identifier(table)}"
    )
    while batch := rows.fetchmany(_BATCH):
        yield "".join(f"{row[0]}\n" for row in batch).encode()
    yield _lines("\\.")
    yield _lines(
        *([f"COMMENT ON TABLE {place} IS {literal(comment)};"] if comment else []),
        *(f"COMMENT ON COLUMN {place}.{identifier(name)} IS {literal(text)};" for name, _, text in columns if text),
        f"ANALYZE {place};",
    )


def _type(kind: str) -> str:
    return kind.replace("DECIMAL", "numeric") if kind.startswith("DECIMAL") else _TYPES.get(kind, "text")


def _cell(name: str) -> str:
    """A value in text form: null is \\N; backslash, tab and line breaks are escaped, a zero byte is left out."""
    text = f"replace({identifier(name)}::VARCHAR, chr(0), '')"
    for plain, escaped in (("'\\'", "'\\\\'"), ("chr(9)", "'\\t'"), ("chr(10)", "'\\n'"), ("chr(13)", "'\\r'")):
        text = f"replace({text}, {plain}, {escaped})"
    return f"coalesce({text}, '\\N')"


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
