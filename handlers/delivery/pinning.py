"""Pinning the card in its room, where it is found when much has been written since."""

from __future__ import annotations

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from handlers.delivery.calls import OutcomeUnknown, RetryAfter, SlackRefused, call

log = structlog.get_logger(__name__)


async def pin(client: AsyncWebClient, channel: str, ts: str) -> None:
    """Pin a message. One that is not pinned is read all the same: a refusal is logged, and nothing else.

    Owners may let nobody pin, and an app that was installed before has no `pins:write`. Nor is it tried again
    when Slack is too busy.
    """
    try:
        await call(client.pins_add(channel=channel, timestamp=ts))
    except SlackRefused as refusal:
        if refusal.code != "already_pinned":
            log.warning("pin.refused", code=refusal.code)
    except (OutcomeUnknown, RetryAfter) as error:
        log.warning("pin.refused", error=type(error).__name__)
