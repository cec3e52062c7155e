"""Deleting what the bot has posted. A refusal costs itself: it is told, and what comes next goes on.

Whether a bot may delete hangs on the workspace (docs/slack-facts.md 16).
"""

from __future__ import annotations

from collections.abc import Awaitable

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.notifications import Notification
from bot.usecases.delivery import report_undeleted
from bot.usecases.ports import Database
from handlers.delivery.calls import SlackRefused, Unusable, call

log = structlog.get_logger(__name__)
#: Gone already: what was to be taken away is not there, and what was to be updated must be posted anew.
GONE = frozenset({"message_not_found", "file_not_found", "file_deleted", "channel_not_found"})


class Deletions:
    """Deletes messages and files in Slack."""

    def __init__(self, client: AsyncWebClient, database: Database) -> None:
        self._client = client
        self._database = database

    async def delete_copy(
        self, notification: Notification, channel: str, ts: str, file_id: str | None = None
    ) -> None:
        """Delete what is not remembered: another message stands for it."""
        if not await self.delete(channel, ts, file_id):
            kind, case_id, recipient = notification.kind, notification.case_id, notification.recipient
            await self._database.write(lambda uow: report_undeleted(uow, kind, case_id, recipient))

    async def delete(self, channel: str, ts: str, file_id: str | None) -> bool:
        """Delete a message, and its file. Return False if Slack lets one of them stand."""
        gone = True
        if ts:
            gone = await self._deleted(self._client.chat_delete(channel=channel, ts=ts))
        if file_id is not None:
            gone = await self._deleted(self._client.files_delete(file=file_id)) and gone
        return gone

    async def _deleted(self, request: Awaitable[AsyncSlackResponse]) -> bool:
        try:
            await call(request)
        except Unusable:
            raise
        except SlackRefused as refusal:
            if refusal.code not in GONE:
                log.warning("deletion.refused", code=refusal.code)
                return False
        return True
