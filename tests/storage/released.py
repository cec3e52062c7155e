"""The candidate's database: its schema, rows of every kind and their keys, stored by that version's code.

`make docs` stores it again where its shape has changed, until the candidate is tagged; after that it is what
later versions upgrade from, and is fixed. `test_migrations` upgrades it to the present schema.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import TypeAdapter
from sqlalchemy import Connection, MetaData, create_mock_engine, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.access import Action, Right
from bot.domain.audit import AuditEntry
from bot.domain.notifications import About, Kind, Notification
from bot.usecases.ports import Posted
from storage import migrate
from storage.crypto.keystore import Wrapped
from storage.documents.aggregates import KINDS
from storage.documents.document import FORMAT
from storage.ledgers import ledger
from storage.ledgers.ledger import Entry
from storage.schema import metadata, revision_of
from tests.databases import SECRET_KEY, SettableClock, connected, keystore_at, opened, sqlite_url
from tests.handlers.cases import some_params
from tests.storage.entities import EVERYTHING, T0

FILE = Path(__file__).with_name("released.json.gz")
ENTRY = AuditEntry(Action.INVITE_AGENCY, "leader", "case", Right.CASE_COORDINATOR, "officer")
#: Alembic's own table.
_VERSION = "alembic_version"
#: The item of each kind outside cases, by the kind's prefix; it is the item's id too.
_ITEMS = {"convene": "convening", "joint": "joint"}


def read() -> Any:
    return json.loads(gzip.decompress(FILE.read_bytes()))


def waiting() -> Iterator[Notification]:
    """Yield a notification of every kind, each about an existing object."""
    for kind in Kind:
        subject = "case"
        case: str | None = "case"
        item: str | None = None
        if kind.about is About.PERSON:
            subject, case = "officer", None
        elif kind.about is About.TEAM:
            subject, case = "team", None
        elif kind.about is About.ITEM:
            word = _ITEMS.get(kind.split("_")[0], "guidance")
            subject, case, item = word, None, f"{word}/{word}"
        yield Notification(kind, subject, case, "officer", T0, params=some_params(kind), item=item)


async def fill(url: str) -> None:
    """Insert rows of every kind: some have ended, one is being delivered, the others wait."""
    async with opened(url, SettableClock()) as database:
        await database.write(lambda uow: uow.add(*EVERYTHING))
        await database.once(("a delivery",), lambda uow: None)
        await database.log.note(T0 + timedelta(days=1), ENTRY)
        ended = [Notification(Kind.ROOM, f"ended-{n}", "case", due_at=T0) for n in range(3)]
        await database.write(lambda uow: uow.enqueue(*ended))
        done, dead, _ = (await database.outbox.claim(3)).rows
        await database.outbox.end(done)
        await database.outbox.end(dead, "invalid_auth")
        await database.write(lambda uow: uow.enqueue(*waiting()))


def shape() -> str:
    """Return a hash of the fields of documents and ledgers, and the format numbers."""
    kinds = {kind.__name__: TypeAdapter(kind).json_schema() for kind in (*KINDS, Entry, Posted)}
    fields = re.sub(r'"description": "(?:[^"\\]|\\.)*",? ?', "", json.dumps(kinds, sort_keys=True))
    return f"{FORMAT} {ledger.FORMAT} {sha256(fields.encode()).hexdigest()}"


def dumped(url: str) -> dict[str, Any]:
    """Return a whole database and its key store as JSON; and the statements that create its tables."""
    with closing(keystore_at(url)) as keystore:
        keys = [list(map(_written, astuple(row))) for row in keystore.all()]
    with connected(url) as connection:
        revision, found = revision_of(connection), tables_of(connection)
    return {"revision": revision, "making": making(), "shape": shape(), "keys": keys, "tables": found}


def making() -> dict[str, list[str]]:
    """Return the statements that create the tables, by database."""
    return {name: _making(name) for name in ("sqlite", "postgresql")}


def _making(dialect: str) -> list[str]:
    statements: list[str] = []
    kind = sqlite.dialect() if dialect == "sqlite" else postgresql.dialect()  # type: ignore[no-untyped-call]
    engine = create_mock_engine(
        "postgresql+psycopg://" if dialect == "postgresql" else "sqlite://",
        lambda ddl, *_: statements.append(str(ddl.compile(dialect=kind)).strip()),
    )
    metadata.create_all(engine, checkfirst=False)
    return statements


def tables_of(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each table as JSON, the same on both databases."""
    found = MetaData()
    found.reflect(connection)
    return {
        table.name: [
            {name: _written(value) for name, value in row.items()}
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        ]
        for table in found.sorted_tables
        if table.name != _VERSION
    }


def put_back(url: str) -> None:
    """Recreate the stored database, with its schema and its keys."""
    kept = read()
    with connected(url) as connection:
        for statement in kept["making"][connection.dialect.name]:
            connection.exec_driver_sql(statement)
        scripts = ScriptDirectory.from_config(migrate.configuration())
        MigrationContext.configure(connection).stamp(scripts, kept["revision"])
        found = MetaData()
        found.reflect(connection)
        # Two tables refer to each other: constraints are checked at the end of the transaction.
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        for name, rows in kept["tables"].items():
            if rows:
                values = [{column: _read(value) for column, value in row.items()} for row in rows]
                connection.execute(insert(found.tables[name]), values)
    with closing(keystore_at(url)) as keystore:
        keystore.put(*(Wrapped(*map(_read, row)) for row in kept["keys"]))


def _written(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, datetime):
        at = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return {"at": at.astimezone(UTC).isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    reads = {"bytes": bytes.fromhex, "at": datetime.fromisoformat, "day": date.fromisoformat}
    return reads[kind](text)


def renew() -> None:
    """Store it again where tables or documents have another shape, and nothing has been tagged."""
    kept = read()
    tags = subprocess.run(["git", "tag"], cwd=FILE.parent, capture_output=True, check=True).stdout
    same_tables = all(set(kept["making"][name]) == set(how) for name, how in making().items())
    if not tags and not (same_tables and kept["shape"] == shape()):
        main()


def main() -> None:
    os.environ.setdefault("TOT_SECRET_KEY", SECRET_KEY)
    with tempfile.TemporaryDirectory() as folder:
        url = sqlite_url(Path(folder) / "tot.db")
        migrate.upgrade(url)
        asyncio.run(fill(url))
        kept = dumped(url)
    assert not [name for name, rows in kept["tables"].items() if not rows], "every table has rows"
    FILE.write_bytes(gzip.compress(json.dumps(kept, ensure_ascii=False).encode(), mtime=0))


if __name__ == "__main__":
    main()
