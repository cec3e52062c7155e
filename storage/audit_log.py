"""The audit log from the outside: verified, anchored, exported, ended."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.domain.audit import AuditEntry, Logged
from bot.domain.errors import TotError
from storage import audit
from storage.tables import cases
from storage.transactions import Transactions
from storage.vault.keys import Vault


class NoSuchCase(TotError):
    """No case has this code."""


class AnchorUnreadable(TotError):
    """The file of anchors is not as it was written."""


class AuditLog:
    """Looks into the log; what is logged is written by the transactions that do it."""

    def __init__(self, transactions: Transactions, vault: Vault) -> None:
        self._transactions = transactions
        self._vault = vault

    async def verify(self, anchors: Path | None = None) -> tuple[int, str | None]:
        """How many rows stand, and what is wrong with the first that does not; None if all do.

        Raises:
            AnchorUnreadable: the file of anchors has been changed by hand.
        """
        anchored = {} if anchors is None else read_anchors(anchors)
        return await self._transactions.read(lambda c: audit.verify(c, self._vault, anchored))

    async def anchor(self, path: Path, now: datetime) -> None:
        """Write the last row's number and hash to a file outside the database, if it is not there already."""
        head = await self._transactions.read(audit.head)
        if head is None or head[0] in read_anchors(path):
            return
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write(f"{now:%Y-%m-%dT%H:%M:%SZ} {head[0]} {head[1].hex()}\n")

    async def note(self, now: datetime, *entries: AuditEntry) -> None:
        """Log what is no change of the database, such as what an operator has done."""
        await self._transactions.write(lambda c: audit.append(c, self._vault, now, entries))

    async def of_case(self, code: str, now: datetime, exporter: AuditEntry) -> list[Logged]:
        """What was done in the case with this code, oldest first; that it is exported is logged too.

        Raises:
            NoSuchCase: no case has or had it.
        """
        case_id = await self._transactions.read(
            lambda c: c.scalar(select(cases.c.id).where(cases.c.code == code))
        )
        if case_id is None:
            raise NoSuchCase("no case has this code")
        found = await self._transactions.read(lambda c: audit.of_case(c, self._vault, case_id))
        await self.note(now, AuditEntry(exporter.event, exporter.actor, case_id))
        return found

    async def of_person(self, person_id: str, limit: int = 30) -> list[Logged]:
        """What one person did and what was done about them, the newest first."""
        return await self._transactions.read(lambda c: audit.of_person(c, self._vault, person_id, limit))

    async def expire(self, now: datetime, kept: timedelta) -> int:
        """Destroy the keys to what was logged of cases purged, and months ended, longer ago than `kept`."""
        scopes = await self._transactions.read(lambda c: audit.expired(c, self._vault, now - kept))
        if scopes:
            self._vault.destroy(*scopes)
        return len(scopes)


def read_anchors(path: Path) -> dict[int, bytes]:
    """Hashes by number.

    Raises:
        AnchorUnreadable: a line is not as it was written.
    """
    anchored = {}
    for number, line in enumerate(path.read_text().splitlines() if path.exists() else (), start=1):
        try:
            _, row, hash_ = line.split()
            anchored[int(row)] = bytes.fromhex(hash_)
        except ValueError:
            raise AnchorUnreadable(f"{path}: line {number} is not an anchor") from None
    return anchored
