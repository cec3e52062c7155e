"""What lies on the disk when somebody has played, and what may not be readable there."""

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
    """All bytes of the database and of what lies beside it."""
    if url.startswith("sqlite"):
        return all_named(Path(url.removeprefix("sqlite:///")).with_name("tot"))
    return dumped(url) + all_named(Path(str(keystore_of(url)).removeprefix(SHARED)))


def all_named(file: Path) -> bytes:
    """All bytes of the files whose names begin with this one's."""
    return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))


def dumped(url: str) -> bytes:
    """Every table of every schema of a PostgreSQL database, as a dump holds them."""
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
    """All that points at a person or at something that the bot has written: Slack's ids, and work mails."""
    channels = list(workspace.channels.values())
    secrets = {*workspace.users, *(c.id for c in channels), *workspace.files}
    secrets |= {m.ts for c in channels for m in c.messages.values()}
    secrets |= set(re.findall(r"[\w.+-]+@[\w.-]+\.\w+", PARTNERS.read_text("utf-8")))
    assert len(secrets) > 30
    return secrets


def readable(data: bytes, secrets: Iterable[str]) -> list[str]:
    """Which of the secrets stand there in clear; there has to be something to read."""
    assert len(data) > 10_000
    return [secret for secret in sorted(secrets) if secret.encode() in data]
