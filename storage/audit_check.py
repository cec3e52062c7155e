"""`tot audit verify`: checks the log against its chain and its anchors.

Each finding says what it means and what to do. Rows since the newest anchor can be cut off unseen. Somebody
who can write to log and anchors can cut off both together: that is why anchors belong elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

from bot.domain.audit import Event
from storage.audit_anchors import Anchor, read_anchors
from storage.audit_chain import CHAIN, verify
from storage.crypto.keyring import Keyring
from storage.findings import Finding, look, wrong
from storage.schema.infrastructure import audit

#: The bot anchors hourly, and so do commands that log something: a row older than this has an anchor.
LATE = timedelta(hours=2)

_WHAT = "Audit log"
_COPY = (
    "Stop the bot, keep copies of the database and of the anchor file, and compare them with the newest"
    " backup and with the anchors that were kept elsewhere (docs/operate.md, «The log»)."
)


def check(
    connection: Connection,
    keyring: Keyring,
    file: Path,
    now: datetime,
    shipped: Sequence[bytes] = (),
) -> tuple[int, list[Finding]]:
    """Check everything. `shipped` are the hashes of anchors that were kept elsewhere.

    Return how many rows are intact, counted from the first, and the findings.
    """
    last = connection.scalar(select(func.max(audit.c.number)))
    if last is None and keyring.keys(CHAIN) is None:
        return 0, []
    chain = keyring.needed(CHAIN)
    try:
        lines, unread = read_anchors(file), None
    except OSError as error:
        lines, unread = [], error.strerror
    since = _of_present_log(connection, lines)
    rows, fault = verify(connection, chain, since)
    present = set(connection.scalars(select(audit.c.hash).where(audit.c.hash.in_(shipped))))
    lost = [hash_ for hash_ in shipped if hash_ not in present]
    found = [*_broken(rows, fault, lost, emptied=last is None)]
    if unread is not None:
        found.append(wrong(_WHAT, f"the anchor file {file} cannot be read: {unread}", _COPY))
    if last is not None:
        found += _time(connection, file, since, now)
    return rows, [*found, *_restored(lines, since)]


def _of_present_log(connection: Connection, lines: Sequence[Anchor]) -> Sequence[Anchor]:
    """Return the anchors of the present log; earlier ones are of a log that a backup has replaced.

    Each restoration has a row, whose first anchor counts: nobody else can make one, or use it again.
    """
    query = select(audit.c.number, audit.c.hash).where(audit.c.event == Event.RESTORED.value)
    rows = {(number, hash_) for number, hash_ in connection.execute(query)}
    first: dict[int, int] = {}
    for place, anchor in enumerate(lines):
        if (anchor.number, anchor.hash) in rows:
            first.setdefault(anchor.number, place)
    return lines[max(first.values(), default=0) :]


def _broken(rows: int, fault: str | None, lost: Iterable[bytes], *, emptied: bool) -> Iterator[Finding]:
    if fault is not None:
        yield wrong(
            _WHAT,
            f"the log is broken: {fault}",
            f"Intact rows before it: {rows}. If a `tot restore` was interrupted, run it again. If not,"
            " somebody has written to the database without the bot, or has put back an older copy without"
            f" `tot restore`. {_COPY}",
        )
    for hash_ in lost:
        yield wrong(_WHAT, f"no row has the hash {hash_.hex()}: the log was cut or rewritten", _COPY)
    if emptied and fault is None:
        yield wrong(_WHAT, "the log is empty, but its key has been used: all rows have been removed", _COPY)


def _time(connection: Connection, file: Path, since: Sequence[Anchor], now: datetime) -> Iterator[Finding]:
    """Yield findings about rows that should have an anchor and have none."""
    if not since:
        yield wrong(
            _WHAT,
            f"there are no anchors in {file} to show whether rows were cut off the end",
            "The running bot writes one an hour: check that it runs and may write there. If there were any,"
            " the file was removed or emptied, or TOT_AUDIT_ANCHOR names another: put it back, and compare"
            " with the anchors that were kept elsewhere (tot audit verify --anchor HASH).",
        )
        return
    newest = since[-1].number
    waiting = connection.scalar(select(func.min(audit.c.at)).where(audit.c.number > newest))
    if waiting is not None and waiting < now - LATE:
        yield look(
            _WHAT,
            f"rows after {newest} have had no anchor since {waiting:%Y-%m-%d %H:%M} UTC: they can be"
            " cut off unnoticed",
            f"The running bot anchors hourly: check that it runs and may write to {file}.",
        )


def _restored(lines: Sequence[Anchor], since: Sequence[Anchor]) -> Iterator[Finding]:
    if replaced := lines[: len(lines) - len(since)]:
        yield look(
            _WHAT,
            f"a backup was restored at {since[0].at}, as row {since[0].number}. The log that it replaced"
            f" had at least {replaced[-1].number} rows. Entries logged after that backup was made are lost",
            "Nothing to do, if that was you.",
        )
