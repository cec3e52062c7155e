"""Databases as they were: each a revision's rows of every kind and their keys, stored by the program of then.

`python -m tests.storage.released` stores that of the newest revision as a file of its name, once and for
good; it leaves with 1 if it did, so that nobody releases without it. `tests.storage.test_released` carries
each through every revision since.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Connection, MetaData, create_engine, insert, select, text

from bot.domain.access import Action, Right
from bot.domain.audit import AuditEntry
from bot.domain.notifications import Kind, Notification, Of
from storage import migrate
from storage.crypto.keystore import Keystore, Wrapped, keystore_url
from storage.transactions import database_url as with_driver
from tests.databases import SECRET_KEY, SettableClock, keystore_of, open_database, sqlite_url
from tests.handlers.some_params import some_params
from tests.storage.entities import EVERYTHING, T0

FOLDER = Path(__file__).with_name("released")
ENTRY = AuditEntry(Action.INVITE_AGENCY, "leader", "case", Right.CASE_COORDINATOR, "officer")
#: What Alembic keeps itself.
_VERSION = "alembic_version"
#: What a kind outside cases is of, by how its name begins; it is its id too.
_ITEMS = {"convene": "convening", "joint": "joint"}


def stored() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


def read(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def waiting() -> Iterator[Notification]:
    """One of every kind, each of something that is there."""
    for kind in Kind:
        subject = "case"
        case: str | None = "case"
        item: str | None = None
        if kind.of is Of.PERSON:
            subject, case = "officer", None
        elif kind.of is Of.TEAM:
            subject, case = "team", None
        elif kind.of is Of.ITEM:
            word = _ITEMS.get(kind.split("_")[0], "guidance")
            subject, case, item = word, None, f"{word}/{word}"
        yield Notification(kind, subject, case, "officer", T0, params=some_params(kind), item=item)


async def fill(url: str) -> None:
    """Put in rows of every kind: some have ended, one is under way, the others wait."""
    database = open_database(url, SettableClock())
    await database.write(lambda uow: uow.add(*EVERYTHING))
    await database.once(("a delivery",), lambda uow: None)
    await database.log.note(T0 + timedelta(days=1), ENTRY)
    ended = [Notification(Kind.ROOM, f"ended-{n}", "case", due_at=T0) for n in range(3)]
    await database.write(lambda uow: uow.enqueue(*ended))
    done, dead, _ = (await database.outbox.claim(3)).rows
    assert await database.outbox.done(done)
    assert await database.outbox.dead(dead, "invalid_auth")
    await database.write(lambda uow: uow.enqueue(*waiting()))
    await database.close()


def dumped(url: str) -> dict[str, Any]:
    """Return all of a database, and of its key store, as JSON."""
    with closing(Keystore(keystore_url(url, keystore_of(url)))) as keystore:
        keys = [list(map(_written, astuple(row))) for row in keystore.all()]
    engine = create_engine(with_driver(url))
    with engine.connect() as connection:
        revision = migrate.revision_of(connection)
        found = tables_of(connection)
    engine.dispose()
    return {"revision": revision, "keys": keys, "tables": found}


def tables_of(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each table as JSON, alike on both databases."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {
        table.name: [
            {name: _written(value) for name, value in row.items()}
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        ]
        for table in metadata.sorted_tables
        if table.name != _VERSION
    }


def put_back(url: str, file: Path) -> None:
    """Make the database of a file with the schema that it had, with its keys."""
    kept = read(file)
    engine = create_engine(with_driver(url))
    config = migrate.configuration()
    with engine.begin() as connection:
        config.attributes.update(connection=connection, applied=lambda **_: None)
        command.upgrade(config, kept["revision"])
        metadata = MetaData()
        metadata.reflect(connection)
        # Two tables refer to each other in a circle: the order is the transaction's end.
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        for name, rows in kept["tables"].items():
            if rows:
                values = [{column: _read(value) for column, value in row.items()} for row in rows]
                connection.execute(insert(metadata.tables[name]), values)
        if connection.dialect.name == "postgresql":
            last = "SELECT setval(pg_get_serial_sequence('outbox', 'id'), max(id)) FROM outbox"
            connection.execute(text(last))
    engine.dispose()
    with closing(Keystore(keystore_url(url, keystore_of(url)))) as keystore, keystore.changing() as changing:
        keystore.put(changing, *(Wrapped(*map(_read, row)) for row in kept["keys"]))


def _written(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, datetime):
        return {
            "at": (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
        }
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    reads = {"bytes": bytes.fromhex, "at": datetime.fromisoformat, "day": date.fromisoformat}
    return reads[kind](text)


def main() -> None:
    file = FOLDER / f"{migrate.head()}.json"
    if file.exists():
        return
    os.environ.setdefault("TOT_SECRET_KEY", SECRET_KEY)
    with tempfile.TemporaryDirectory() as folder:
        url = sqlite_url(Path(folder) / "tot.db")
        migrate.upgrade(url)
        asyncio.run(fill(url))
        kept = dumped(url)
    assert not [name for name, rows in kept["tables"].items() if not rows], "every table has rows"
    FOLDER.mkdir(exist_ok=True)
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
    sys.exit(f"{file.name} is new: commit it, it is what later releases upgrade from")


if __name__ == "__main__":
    main()
