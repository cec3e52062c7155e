"""Rows of the outbox and the notifications that they hold: sealed and opened."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import Any

from sqlalchemy import Row

from bot.domain.notifications import Kind, Notification, Of
from bot.usecases.ports import Claim
from storage.crypto.keyring import Erased, case_scope
from storage.crypto.transaction_keys import TransactionKeys
from storage.mapper import decode_params, encode_params


def row_of(notification: Notification, keys: TransactionKeys) -> dict[str, Any] | None:
    op_id = secrets.token_urlsafe(16)
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
