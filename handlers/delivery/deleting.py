"""Deletion of the bot's messages in Slack, as far as Slack allows it; what stays is reported."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.notifications import Kind, Notification
from bot.usecases.delivery import report_undeleted, still_posted
from bot.usecases.notifications import refresh
from bot.usecases.ports import Database, Posted, UnitOfWork
from handlers.delivery.calls import OUT_OF_ORDER_CODES, SlackRefused, pages, refused
from handlers.delivery.slack_time import SlackTime

log = structlog.get_logger(__name__)
#: Length of the part of an op_id that depends on kind and recipient only (`storage.ledgers`).
OP_ID_PREFIX = 16
#: The metadata event type of every message of the bot; the payload is only the opaque op_id.
EVENT_TYPE = "tot"
#: Codes for a message that is gone: it need not be deleted, and instead of an update it is posted again.
GONE = frozenset({"message_not_found", "file_not_found", "file_deleted", "channel_not_found"})


@dataclass(frozen=True, slots=True)
class Copy:
    """A message that an entry has posted, and its file."""

    ts: str
    file_id: str | None = None


class Deleting:
    """Deletes messages that the bot has posted, and reads channels back."""

    def __init__(self, client: AsyncWebClient, database: Database, slack_time: SlackTime) -> None:
        self._client = client
        self._slack_time = slack_time
        self._database = database

    async def clear(self, case_id: str, channel: str, *, again: bool = False) -> bool:
        """Delete the bot's messages in a room, as far as Slack allows; return whether none is left.

        With `again` all but the card are enqueued again, to be posted when the room is a closed one.
        """
        stands = await self._database.read(lambda uow: uow.find(Posted, case_id=case_id))
        cleared = True
        for posted in (each for each in stands if each.channel_id == channel):
            then = (refresh(posted),) if again and posted.kind is not Kind.ROOM else ()
            cleared = await self._take_away(posted, *then) and cleared
        return await self._clear_unremembered(channel) and cleared

    async def _clear_unremembered(self, channel: str) -> bool:
        """Delete messages that are not remembered, from calls that Slack has not answered, or not yet.

        Their entries are still to be delivered, and post them again where that is allowed.
        """
        try:
            history = self._history(channel, datetime.fromtimestamp(0, UTC))
            found = [
                m["ts"] async for m in history if (m.get("metadata") or {}).get("event_type") == EVENT_TYPE
            ]
        except SlackRefused as refusal:
            if refusal.code in OUT_OF_ORDER_CODES:
                raise
            log.warning("deletion.not_read_back", code=refusal.code)
            return True
        return all([await self._delete(channel, ts, None) for ts in found])

    async def take_away(self, posted: Posted) -> bool:
        """Delete a message and its file from Slack, then forget it.

        Return False if Slack does not delete it: then it stays remembered, and the coordinators are told.
        """
        gone = await self._take_away(posted)
        if not gone:
            await self._database.write(
                lambda uow: report_undeleted(uow, posted.kind, posted.case_id, posted.person_id)
            )
        return gone

    async def _take_away(self, posted: Posted, *then: Notification) -> bool:
        """As `take_away`, but tell nobody; `then` is enqueued once the message is gone."""
        ts = await self.ts_of(posted)
        gone = await self._delete(posted.channel_id, ts, posted.file_id)
        if gone:
            await self._database.write(lambda uow: forget(uow, posted, *then))
        return gone

    async def _delete(self, channel: str, ts: str, file_id: str | None) -> bool:
        """Delete a message and its file. Return False if Slack does not delete one of them."""
        gone = True
        if ts:
            gone = await self._deleted(self._client.chat_delete(channel=channel, ts=ts))
        if file_id is not None:
            gone = await self._deleted(self._client.files_delete(file=file_id)) and gone
        return gone

    async def _deleted(self, request: Awaitable[AsyncSlackResponse]) -> bool:
        code = await refused(request)
        if not code or code in GONE:
            return True
        log.warning("deletion.refused", code=code)
        return False

    async def copies_of(self, op_id: str, channel: str, since: datetime) -> list[Copy]:
        """Return the messages in a channel of an entry that was enqueued at `since`, by our clock.

        Raises:
            SlackRefused: the channel cannot be read, or is gone.
        """
        history = self._history(channel, self._slack_time.since(since))
        return [copy async for message in history if (copy := copy_of(op_id, message)) is not None]

    async def delete_copies(
        self,
        notification: Notification,
        channel: str,
        copies: Iterable[Copy],
        kept: Sequence[Posted] = (),
    ) -> None:
        """Delete copies that are not among the `kept` messages: another one is posted instead, or is gone."""
        kind, case_id, recipient = notification.kind, notification.case_id, notification.recipient
        report = partial(report_undeleted, kind=kind, case_id=case_id, person_id=recipient)
        for copy in copies:
            if any(copy.ts == each.ts or (copy.file_id and copy.file_id == each.file_id) for each in kept):
                continue
            if not await self._delete(channel, copy.ts, copy.file_id):
                await self._database.write(report)

    async def ts_of(self, posted: Posted) -> str:
        """Return the `ts` of a message; empty if the message is not in its channel.

        For a message with a file it is looked up: Slack does not return it when the upload is completed.
        """
        if posted.ts:
            return posted.ts
        try:
            async for message in self._history(posted.channel_id, self._slack_time.since(posted.posted_at)):
                if any(f.get("id") == posted.file_id for f in message.get("files", [])):
                    return str(message["ts"])
        except SlackRefused as refusal:
            if refusal.code not in GONE:
                raise
        return ""

    async def _history(self, channel: str, since: datetime) -> AsyncIterator[dict[str, Any]]:
        oldest = f"{since.astimezone(UTC).timestamp():.6f}"
        ask = partial(
            self._client.conversations_history,
            channel=channel,
            oldest=oldest,
            include_all_metadata=True,
            limit=100,
        )
        async for answer in pages(ask):
            for message in answer.get("messages", []):
                yield message


def copy_of(op_id: str, message: dict[str, Any]) -> Copy | None:
    """Return the message as a copy if the entry with this key posted it; otherwise None."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    if payload.get("op_id") == op_id:
        return Copy(message["ts"])
    mark = file_mark(op_id)
    file_id = next((f["id"] for f in message.get("files", []) if mark in (f.get("name") or "")), None)
    return Copy(message["ts"], file_id) if file_id is not None else None


def is_alike(op_id: str, message: dict[str, Any]) -> bool:
    """Return whether a message is of the same kind, of the same case and to the same recipient."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("op_id", "")).startswith(op_id[:OP_ID_PREFIX])


def file_mark(op_id: str) -> str:
    """Return the opaque part of a file name, by which reading back finds an entry's file."""
    return hashlib.sha256(op_id.encode()).hexdigest()[:12]


def forget(uow: UnitOfWork, posted: Posted, *then: Notification) -> None:
    stored = still_posted(uow, posted)
    if stored is not None:
        uow.remove(stored)
        uow.enqueue(*then)
