"""Refusals in words, and the one handler of unexpected errors.

A refusal says what the person can do instead and reveals nothing. What was not foreseen gets a
reference, which is all that the person and the log have in common: the log holds no text, name or id
from Slack.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import aiohttp
import structlog
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.case.entities import CODE_ALPHABET
from bot.domain.directory.entities import Person
from bot.domain.errors import AlreadyHandled, Invalid, Overtaken, Refusal, Refused, TotError
from bot.domain.when import LeftoverWords
from bot.domain.worktime import TimeRefused
from bot.logs import place_of
from bot.texts.words import Words, words
from bot.usecases.ports import Waiting
from handlers.blocks.context import Block
from handlers.blocks.elements import actions, section
from handlers.blocks.modal import notice
from handlers.slack import resume
from handlers.slack.retry import busy_for, when_open
from handlers.slack.services import VISITOR, Services, Visitor
from handlers.slack.vocabulary import choose

log = structlog.get_logger("handlers")
#: What Slack answers when a modal is opened more than three seconds after the click.
EXPIRED = frozenset({"expired_trigger_id", "trigger_expired"})
#: … and when the same click has opened it already: the click was delivered, or the call made, twice.
_EXCHANGED = frozenset({"exchanged_trigger_id", "trigger_exchanged"})
#: … and when a form that is to be written over has been closed, or shows something else by now.
CLOSED = frozenset({"not_found", "view_not_found", "hash_conflict"})
#: Key of Bolt's context under which a request lies: whoever was told to wait is told the end.
REQUEST = "request"


class Answerable(Protocol):
    """A request whose person may have been told to wait."""

    waits: bool

    @property
    def in_form(self) -> str | None:
        """The id of the window in which they are."""

    async def answered(self) -> None:
        """Note that they have their answer."""

    async def unanswered(self) -> None:
        """Leave it to a message to tell them."""


def in_words(words: Words, error: TotError, *, first: str = "") -> str:
    """A refusal in words. `first` is a mention of the person who was first, if that is known."""
    if isinstance(error, Invalid):
        lines = dict.fromkeys(words(p.code, **p.params) for p in error.problems)
        return "\n".join(lines)
    if isinstance(error, LeftoverWords):
        return words(error.code, which=words.several(map(str, error.positions)))
    if isinstance(error, Overtaken) and first:
        return words("refused.overtaken-by", who=first)
    if isinstance(error, Refused) and "seconds" in error.values:
        return words.count(error.code, int(error.values["seconds"] or 0))
    if isinstance(error, Refused):
        return words(error.code, **error.values)
    if isinstance(error, TimeRefused):
        return words(error.code)
    if isinstance(error, AlreadyHandled):
        return words("refused.already-handled")
    return words("refused.unreadable")


#: What leads nowhere in a case whose room the details name, and the word that does what is lacking.
_INSTEAD = {"meeting": "meeting", "part": "invite", "asked": "invite"}


def with_way_out(services: Services, words: Words, error: TotError, text: str) -> list[Block] | None:
    """The refusal with the button that does what is lacking, where there is one."""
    if not isinstance(error, Refused) or error.what not in _INSTEAD or not (room := error.values.get("room")):
        return None
    instead = next(command for command in services.commands if command.key == _INSTEAD[error.what])
    return [section(text), actions(choose(words, instead, str(room)))]


#: Values of a refusal that say who or where, and fill in no words.
_IDS = frozenset({"room"})


def names_of(error: TotError) -> tuple[str, ...]:
    """Return the names of the texts that say a refusal, of those that need nothing filled in.

    What would be filled in is of this moment, and some of it of people.
    """
    if isinstance(error, Invalid):
        return tuple(dict.fromkeys(p.code for p in error.problems if not p.params))
    if isinstance(error, LeftoverWords) or not isinstance(error, TimeRefused | Refused):
        return ()
    return (error.code,) if isinstance(error, TimeRefused) or error.values.keys() <= _IDS else ()


async def explain(services: Services, words: Words, error: TotError) -> str:
    """A refusal in words, with who was first."""
    by = error.by if isinstance(error, Overtaken) else None
    person = await services.database.read(lambda uow: uow.get(Person, by)) if by else None
    return in_words(
        words, error, first=f"<@{person.slack_id}>" if person is not None and person.slack_id else ""
    )


def field_errors(words: Words, error: Invalid, inputs: Sequence[str]) -> dict[str, str]:
    """Return the errors by field. A problem whose field the form does not have is shown at its first one."""
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        where = problem.where if problem.where in inputs else inputs[0]
        line = words(problem.code, **problem.params)
        if line not in found.setdefault(where, []):
            found[where].append(line)
    return {where: " ".join(lines) for where, lines in found.items()}


def slack_error(error: SlackApiError) -> str:
    """Slack's error code; a plain-text 5xx has none."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


async def open_form(
    client: AsyncWebClient, trigger_id: str, view: dict[str, Any], within: float = 1.0
) -> None:
    """Open a form, at once or `within` so many seconds, unless the same click has opened it already.

    Raises:
        SlackApiError: it could not be opened.
    """
    try:
        await when_open(lambda: client.views_open(trigger_id=trigger_id, view=view), within)
    except SlackApiError as error:
        busy = busy_for(error)
        if busy is not None:
            raise Refused(Refusal.SLACK_BUSY, seconds=math.ceil(busy)) from None
        if slack_error(error) not in _EXCHANGED:
            raise
        log.warning("form opened already")


async def show_that_it_is_told(services: Services, client: AsyncWebClient, waiting: Waiting) -> None:
    """Say in a form in which somebody waits, if it still stands open, that they have a message."""
    try:
        visitor = await services.visitor(waiting.slack_id)
        view = notice(visitor.words, visitor.words("modal.told-in-message"))
        await client.views_update(view_id=str(waiting.view_id), view=view)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.info("no form any more", error=type(error).__name__)


def new_reference() -> str:
    """Six characters that can be read over the phone."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(6)).upper()


def error_handler(
    services: Services, listeners: frozenset[str]
) -> Callable[..., Awaitable[BoltResponse | None]]:
    """The one `@app.error`: it answers the person where they are, also when nothing was acked yet.

    What it returns becomes the acknowledgement. An event is left without one, so that Slack sends it again.
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
        request: Answerable | None = context.get(REQUEST)
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


async def answer_where_they_are(
    text: str,
    spoken: Words,
    body: dict[str, Any],
    context: AsyncBoltContext,
    client: AsyncWebClient,
    view: dict[str, Any] | None = None,
    window: str | None = None,
) -> BoltResponse | None:
    """Answer the person alone: in the form, beside the message, where they typed, or over Home.

    `view` says the same in a form; `window` is one in which they were told to wait. What is returned becomes
    the acknowledgement, where none has been given.
    """
    acked = context.ack.response is not None
    kind = body.get("type")
    shown = view or notice(spoken, text)
    if kind == "view_submission" and not acked:
        return BoltResponse(status=200, body={"response_action": "update", "view": shown})
    if "command" in body and not acked:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})
    if kind == "view_submission" or window is not None:
        view_id = window or str(body["view"]["id"])
        await when_open(lambda: client.views_update(view_id=view_id, view=shown))
    elif body.get("response_url") and context.respond is not None:
        await context.respond(text=text, response_type="ephemeral", replace_original=False)
    elif body.get("trigger_id"):
        await open_form(client, str(body["trigger_id"]), notice(spoken, text))
    return None if acked else BoltResponse(status=200)


async def _offered_again(
    services: Services, text: str, spoken: Words, body: dict[str, Any], context: AsyncBoltContext
) -> dict[str, Any] | None:
    """A form that failed says so, and is offered again."""
    visitor: Visitor | None = context.get(VISITOR)
    if body.get("type") != "view_submission" or visitor is None:
        return None
    return resume.failed(spoken, text, await resume.keep(services, visitor, body["view"]))


async def _words(services: Services, context: AsyncBoltContext) -> Words:
    """The person's language; the installation's if the database is what failed."""
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
    """The listener by its declared name only, never by what the request says."""
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
