"""The one handler of unexpected errors.

An unexpected error gets a reference, the only link between the person's answer and the log: the log holds no
text, name or id from Slack.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.case.entities import CODE_ALPHABET
from bot.logs import place_of
from bot.texts.words import Words, words
from handlers.slack import resume
from handlers.slack.error_replies import answer_where_they_are
from handlers.slack.requests import Request
from handlers.slack.services import VISITOR, Services, Visitor

log = structlog.get_logger("handlers")
#: Key of the request in Bolt's context; a person who was told to wait is answered through it.
REQUEST = "request"


def new_reference() -> str:
    """Return six characters that can be read out over the phone."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(6)).upper()


def error_handler(
    services: Services, listeners: frozenset[str]
) -> Callable[..., Awaitable[BoltResponse | None]]:
    """Return the `@app.error` handler: it answers the person where they are, also before the ack.

    Its return value becomes the ack. An event gets no ack, so that Slack sends it again.
    `listeners` are the names that the log may hold.
    """

    async def unforeseen(
        error: Exception, body: dict[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> BoltResponse | None:
        reference = new_reference()
        log.error(
            "unforeseen",
            reference=reference,
            error=type(error).__name__,
            at=place_of(error),
            listener=_listener(body, listeners),
        )
        if "event" in body:
            return None
        spoken = await _words(services, context)
        text = spoken("refused.unforeseen", reference=reference)
        request: Request | None = context.get(REQUEST)
        try:
            window = request.in_form if request is not None else None
            view = await _offered_again(services, text, spoken, body, context)
            answer = await answer_where_they_are(text, spoken, body, context, client, view, window)
            if request is not None:
                request.waits = False
                await request.answered()
            return answer
        except Exception as failure:
            log.error("unanswered", reference=reference, error=type(failure).__name__)
            if request is not None and context.ack.response is not None:
                await request.unanswered()
            return None if context.ack.response is not None else BoltResponse(status=200)

    return unforeseen


async def _offered_again(
    services: Services, text: str, spoken: Words, body: dict[str, Any], context: AsyncBoltContext
) -> dict[str, Any] | None:
    """Return the view that says that a form failed and offers it again; None for other requests."""
    visitor: Visitor | None = context.get(VISITOR)
    if body.get("type") != "view_submission" or visitor is None:
        return None
    return resume.failed(spoken, text, await resume.keep(services, visitor, body["view"]))


async def _words(services: Services, context: AsyncBoltContext) -> Words:
    """Return words in the person's language, or in the installation's if the database fails."""
    visitor: Visitor | None = context.get(VISITOR)
    if visitor is not None:
        return visitor.words
    try:
        if context.user_id is not None:
            return (await services.visitor(context.user_id)).words
    except Exception as failure:
        log.warning("no language", error=type(failure).__name__)
    return words(services.language)


def _listener(body: dict[str, Any], listeners: frozenset[str]) -> str:
    """Return the listener's name if it is declared, otherwise its kind; nothing else from the request."""
    if "command" in body:
        return "command"
    if "event" in body:
        kind, id = "event", body["event"].get("type")
    elif body.get("type") == "view_submission":
        kind, id = "view", body.get("view", {}).get("callback_id")
    elif body.get("type") == "shortcut":
        kind, id = "shortcut", body.get("callback_id")
    else:
        kind, id = "action", (body.get("actions") or [{}])[0].get("action_id")
    return f"{kind}:{id}" if f"{kind}:{id}" in listeners else kind
