"""The files on disk after a play, and secrets that must not be readable in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import psycopg

from bot.cli.demo import PARTNERS
from sandbox.workspace import Workspace
from storage.crypto.keystore import SHARED
from tests.databases import keystore_of


def at_rest(url: str) -> bytes:
    """Return all bytes of the database and of the files beside it."""
    if url.startswith("sqlite"):
        return all_named(Path(url.removeprefix("sqlite:///")).with_name("tot"))
    return dumped(url) + all_named(Path(str(keystore_of(url)).removeprefix(SHARED)))


def all_named(file: Path) -> bytes:
    """Return all bytes of the files whose names begin with this one's."""
    return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))


def dumped(url: str) -> bytes:
    """Return every table of every schema of a PostgreSQL database, as in a dump."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        parts: list[bytes] = []
        for (table,) in tables:
            with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
                parts.extend(bytes(part) for part in copy)
    assert parts
    return b"".join(parts)


def secrets_of(workspace: Workspace) -> set[str]:
    """Return everything that points at a person or at the bot's messages: Slack's ids, and work mails."""
    channels = list(workspace.channels.values())
    secrets = {*workspace.users, *(c.id for c in channels), *workspace.files}
    secrets |= {m.ts for c in channels for m in c.messages.values()}
    secrets |= set(re.findall(r"[\w.+-]+@[\w.-]+\.\w+", PARTNERS.read_text("utf-8")))
    assert len(secrets) > 30
    return secrets


def readable(data: bytes, secrets: Iterable[str]) -> list[str]:
    """Return the secrets that are there in clear; there has to be something to read."""
    assert len(data) > 10_000
    return [secret for secret in sorted(secrets) if secret.encode() in data]
