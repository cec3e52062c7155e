"""Rows of the outbox and the notifications that they hold: sealed and opened."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.domain.notifications import Kind, Notification, Of
from bot.usecases.ports import Claim
from storage.crypto.keyring import Erased, case_scope
from storage.crypto.transaction_keys import TransactionKeys
from storage.mapper import decode_params, encode_params
from storage.schema.infrastructure import installation

#: So long after a backup was put back, what is posted for the first time may stand in Slack already.
LOOKED_FOR = timedelta(days=1)
Restored = tuple[datetime, datetime]


def restored(connection: Connection) -> Restored | None:
    """Return when a backup was put back last, and of when it is; None where none was."""
    row = connection.execute(select(installation.c.restored_at, installation.c.restored_from)).one_or_none()
    return None if row is None or row.restored_at is None else (row.restored_at, row.restored_from)


def looked_for(claim: Claim, back: Restored | None, now: datetime) -> Claim:
    """Return the claim as one that may have been posted, where a backup has been put back since.

    Its row was written after that: one as it, with the same key, may have been when the database was another.
    """
    if back is None or claim.enqueued_at <= back[1] or now > back[0] + LOOKED_FOR:
        return claim
    return replace(claim, attempts=max(claim.attempts, 2), enqueued_at=back[1], restored=True)


def row_of(notification: Notification, keys: TransactionKeys) -> dict[str, Any] | None:
    """The row of a notification.

    After a restore its `op_id` is the same again: made of its kind and recipient, then of its key.
    """
    scope = notification.item or case_scope(notification.case_id)
    alike = f"{notification.kind}:{notification.recipient}"
    marks = (keys.blind(scope, "outbox:op_id", of, new=True) or b"" for of in (alike, notification.key))
    op_id = "".join(urlsafe_b64encode(mark[:12]).decode() for mark in marks)
    try:
        return {
            "op_id": op_id,
            "kind": notification.kind,
            "subject": "" if notification.kind.of is Of.PERSON else notification.subject,
            "case_id": notification.case_id,
            "item": notification.item,
            "wanted_at": notification.due_at,
            "useful_until": notification.useful_until,
            "once": notification.once,
            **sealed_part(notification, op_id, keys),
        }
    except Erased:
        return None


def sealed_part(notification: Notification, op_id: str, keys: TransactionKeys) -> dict[str, bytes | None]:
    """The columns of a row that tell whom it is for. The row is known by its `op_id` when it is sealed."""
    scope = notification.item or case_scope(notification.case_id)
    return {
        "recipient": None
        if notification.recipient is None
        else keys.seal(scope, f"outbox:recipient:{op_id}", notification.recipient, new=True),
        "params": keys.seal(scope, f"outbox:params:{op_id}", encode_params(notification.params), new=True),
        "dedup_key": keys.blind(scope, "outbox:dedup_key", notification.key),
    }


def claim_of(row: Row[Any], keys: TransactionKeys) -> Claim:
    return Claim(
        id=row.id,
        op_id=row.op_id,
        notification=notification_of(row, keys),
        attempts=row.attempts,
        faults=row.faults,
        fence=row.fence,
        generation=row.generation,
        enqueued_at=row.enqueued_at,
    )


def notification_of(row: Row[Any], keys: TransactionKeys) -> Notification:
    """The notification of a row that is selected `AS_STORED`. Of an erased case, nobody is left to tell.

    Raises:
        UNREADABLE
    """
    kind = Kind(row.kind)
    scope = row.item or case_scope(row.case_id)
    recipient, params = None, None
    with suppress(Erased):
        params = decode_params(kind, keys.open(scope, f"outbox:params:{row.op_id}", row.params))
        if row.recipient is not None:
            recipient = keys.open(scope, f"outbox:recipient:{row.op_id}", row.recipient)
    return Notification(
        kind=kind,
        subject=recipient or "" if kind.of is Of.PERSON else row.subject,
        case_id=row.case_id,
        recipient=recipient,
        due_at=row.due_at,
        useful_until=row.useful_until,
        params=params,
        refreshes=kind.told_once and not row.once,
        item=row.item,
    )
