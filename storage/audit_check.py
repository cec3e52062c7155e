"""`tot audit verify`: checks the log against its chain, its anchors and the triggers that guard it.

Each finding says what it means and what to do. Rows since the newest anchor can be cut off unseen. Somebody
who can write to log and anchors can cut off both together: that is why anchors belong elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from storage.audit_anchors import Anchor, AnchorFile, Anchors
from storage.audit_chain import CHAIN, verify
from storage.audit_guards import faults
from storage.crypto.keyring import Keyring
from storage.crypto.master_key import KeyLost
from storage.schema.infrastructure import APPEND_ONLY, audit

#: The bot anchors hourly, and so do commands that log something: a row older than this has an anchor.
LATE = timedelta(hours=2)

_COPY = (
    "Stop the bot, keep copies of the database and of the anchor file, and compare them with the newest"
    " backup and with the anchors that were kept elsewhere (docs/operate.md, «The log»)."
)


@dataclass(frozen=True, slots=True)
class LogFinding:
    """A finding about the log, `wrong` or worth a check, and what to do about it."""

    wrong: bool
    found: str
    mend: str


@dataclass(frozen=True, slots=True)
class Checked:
    """How many rows are intact, counted from the first, and the findings."""

    rows: int
    findings: tuple[LogFinding, ...]

    @property
    def broken(self) -> bool:
        return any(finding.wrong for finding in self.findings)


def check(
    connection: Connection,
    keyring: Keyring,
    file: AnchorFile,
    now: datetime,
    shipped: Sequence[bytes] = (),
) -> Checked:
    """Check everything. `shipped` are the hashes of anchors that were kept elsewhere."""
    guards = [
        LogFinding(
            True,
            f"{fault}: the database no longer stops rows from being changed or lost",
            "Find out who changed the database, and when. Then remove what the bot did not make, and"
            f" create again what is missing or changed: {'; '.join(APPEND_ONLY[connection.dialect.name])}",
        )
        for fault in faults(connection)
    ]
    last = connection.scalar(select(func.max(audit.c.number)))
    chain = keyring.keys(CHAIN)
    if chain is None:
        if last is not None:
            raise KeyLost("the key store has no key for the log: import its export (`tot keys import`)")
        return Checked(0, tuple(guards))
    try:
        anchors = file.read(chain.index)
    except OSError as error:
        anchors = Anchors((), f"it cannot be read: {error.strerror}")
    since = _since_restored(anchors.lines)
    anchored = _by_number(since)
    for hash_ in shipped:
        if (number := connection.scalar(select(audit.c.number).where(audit.c.hash == hash_))) is not None:
            anchored.setdefault(number, set()).add(hash_)
    rows, wrong = verify(connection, chain, anchored)
    lost = [hash_ for hash_ in shipped if all(hash_ not in hashes for hashes in anchored.values())]
    found = [*_broken(rows, wrong, lost, emptied=last is None), *_file(file, anchors), *guards]
    if last is not None:
        found += _time(connection, file, since, now)
    return Checked(rows, (*found, *_restored(anchors.lines, since)))


def check_copy(connection: Connection, keyring: Keyring, file: AnchorFile | None) -> tuple[int, str | None]:
    """Check an earlier copy; anchors of rows that it does not have yet prove nothing against it."""
    chain = keyring.keys(CHAIN)
    last = connection.scalar(select(func.max(audit.c.number)))
    if chain is None or last is None:
        return 0, None
    since = () if file is None else _since_restored(file.read(chain.index).lines)
    return verify(connection, chain, _by_number(anchor for anchor in since if anchor.number <= last))


def _since_restored(lines: Sequence[Anchor]) -> Sequence[Anchor]:
    """Return the anchors of the present log; earlier ones are of a log that a backup has replaced."""
    last = max((place for place, anchor in enumerate(lines) if anchor.restored), default=0)
    return lines[last:]


def _by_number(anchors: Iterable[Anchor]) -> dict[int, set[bytes]]:
    found: dict[int, set[bytes]] = {}
    for anchor in anchors:
        found.setdefault(anchor.number, set()).add(anchor.hash)
    return found


def _broken(rows: int, wrong: str | None, lost: Iterable[bytes], *, emptied: bool) -> Iterator[LogFinding]:
    if wrong is not None:
        yield LogFinding(
            True,
            f"the log is broken: {wrong}",
            f"Intact rows before it: {rows}. If a `tot restore` was interrupted, run it again. If not,"
            " somebody has written to the database without the bot, or has put back an older copy without"
            f" `tot restore`. {_COPY}",
        )
    for hash_ in lost:
        yield LogFinding(True, f"no row has the hash {hash_.hex()}: the log was cut or rewritten", _COPY)
    if emptied and wrong is None:
        yield LogFinding(
            True, "the log is empty, but its key has been used: all rows have been removed", _COPY
        )


def _file(file: AnchorFile, anchors: Anchors) -> Iterator[LogFinding]:
    if anchors.wrong is not None:
        yield LogFinding(
            True,
            f"the anchor file {file.path} cannot be trusted: {anchors.wrong}",
            f"Its lines from there on prove nothing. {_COPY}",
        )


def _time(
    connection: Connection, file: AnchorFile, since: Sequence[Anchor], now: datetime
) -> Iterator[LogFinding]:
    """Yield findings about rows that should have an anchor and have none."""
    if not since:
        yield LogFinding(
            True,
            f"there are no anchors in {file.path} to show whether rows were cut off the end",
            "The running bot writes one an hour: check that it runs and may write there. If there were any,"
            " the file was removed or emptied, or TOT_AUDIT_ANCHOR names another: put it back, and compare"
            " with the anchors that were kept elsewhere (tot audit verify --anchor HASH).",
        )
        return
    first, newest = since[0], since[-1]
    began = connection.execute(select(func.min(audit.c.at))).scalar_one()
    if not first.restored and began < first.at - LATE:
        yield LogFinding(
            False,
            f"the anchor file {file.path} begins with row {first.number}, long after the log began",
            "It does not show whether rows were cut off before that. Was it moved or replaced? Compare"
            " with the anchors that were kept elsewhere.",
        )
    waiting = connection.scalar(select(func.min(audit.c.at)).where(audit.c.number > newest.number))
    if waiting is not None and waiting < now - LATE:
        yield LogFinding(
            False,
            f"rows after {newest.number} have had no anchor since {waiting:%Y-%m-%d %H:%M} UTC: they can be"
            " cut off unnoticed",
            f"The running bot anchors hourly: check that it runs and may write to {file.path}.",
        )


def _restored(lines: Sequence[Anchor], since: Sequence[Anchor]) -> Iterator[LogFinding]:
    if since and since[0].restored:
        replaced = lines[: len(lines) - len(since)]
        before = f" The log that it replaced had at least {replaced[-1].number} rows." if replaced else ""
        yield LogFinding(
            False,
            f"a backup was restored on {since[0].at:%Y-%m-%d %H:%M} UTC, logged as row {since[0].number}."
            f"{before} Entries logged after that backup was made are lost",
            "Nothing to do, if that was you.",
        )
