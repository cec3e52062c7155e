"""Adapters from Bolt's arguments to requests: read the payload, admit the person, handle, and answer.

The receipt makes a redelivered request idempotent. It is a command's or shortcut's trigger_id; a form's view
id with its callback_id and hash (one window shows several forms in turn); a button's place with its action
and time; an event's id.

An unexpected error gets a reference, the only link between the person's answer and the log: the log holds no
text, name or id from Slack.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.domain.case.entities import CODE_ALPHABET
from bot.domain.errors import AlreadyHandled, CodedError, Invalid, Refusal, Refused
from bot.logs import place_of
from bot.usecases.ports import UnitOfWork
from handlers.slack.accounts import admit
from handlers.slack.payloads import (
    ActionBody,
    CommandBody,
    Fields,
    Payload,
    ShortcutBody,
    SubmissionBody,
    Unreadable,
    read,
)
from handlers.slack.requests import ActionRequest, CommandRequest, Request, SubmissionRequest
from handlers.slack.services import Services, nobody

log = structlog.get_logger("handlers")
P = TypeVar("P", bound=Payload)
B = TypeVar("B", CommandBody, ShortcutBody, ActionBody, SubmissionBody)
R = TypeVar("R", bound=Request)
T = TypeVar("T")
Listener = Callable[..., Awaitable[None]]
Handler = Callable[[R], Awaitable[None]]
AfterAck = Callable[[], Awaitable[None]]


def command(sent: CommandBody, args: AsyncArgs, common: dict[str, Any]) -> tuple[str, CommandRequest]:
    return "", CommandRequest(
        **common,
        receipt=("command", sent.trigger_id),
        channel=sent.channel_id,
        trigger_id=sent.trigger_id,
        rest=sent.text.strip(),
        respond=args.respond,
    )


def action(sent: ActionBody, args: AsyncArgs, common: dict[str, Any]) -> tuple[str, ActionRequest]:
    used, view = sent.actions[0], sent.view
    place = sent.container.message_ts or (view.id if view is not None else "")
    where = sent.channel.id if sent.channel is not None else ""
    return used.action_id, ActionRequest(
        **common,
        receipt=("action", where, place, used.action_id, used.action_ts, sent.user.id),
        message=(where, place) if sent.container.message_ts else None,
        value=used.chosen or "",
        trigger_id=sent.trigger_id,
        respond=args.respond if args.body.get("response_url") else None,
        view=view,
        window=view.id if view is not None and view.type == "modal" else None,
    )


def shortcut(sent: ShortcutBody, args: AsyncArgs, common: dict[str, Any]) -> tuple[str, ActionRequest]:
    receipt = ("shortcut", sent.trigger_id)
    return sent.callback_id, ActionRequest(
        **common, receipt=receipt, value=sent.callback_id, trigger_id=sent.trigger_id, respond=None
    )


def submission(
    sent: SubmissionBody, args: AsyncArgs, common: dict[str, Any]
) -> tuple[str, SubmissionRequest]:
    view = sent.view
    return view.callback_id, SubmissionRequest(
        **common,
        receipt=("view", view.id, view.callback_id, view.hash),
        window=view.id,
        metadata=view.private_metadata,
        fields=Fields(view.state),
        inputs=view.inputs,
        form=args.body["view"],
    )


def listener(
    services: Services,
    kind: str,
    model: type[B],
    request: Callable[[B, AsyncArgs, dict[str, Any]], tuple[str, R]],
    handlers: Mapping[str, Handler[R]],
    otherwise: Handler[R],
) -> Listener:
    """Return a listener that handles the requests of one kind, each by its id, and answers all of them.

    A payload that is unreadable as a whole is only acked. The log names the ids of `handlers`, and no others.
    """

    async def listen(args: AsyncArgs) -> None:
        try:
            sent = read(model, args.body)
        except Unreadable:
            await args.ack()
            return
        common = {"services": services, "visitor": nobody(sent.user.id), "ack": args.ack}
        id, made = request(sent, args, common)
        with services.inflight.one():
            try:
                made.visitor = await services.visitor(sent.user.id)
                await _handle(made, sent.user.team_id, handlers.get(id, otherwise))
            except Exception as error:
                await _say_unforeseen(made, error, f"{kind}:{id}" if id in handlers else kind)

    return listen


async def _handle(made: R, home: str | None, handler: Handler[R]) -> None:
    try:
        await admit(made.services, made.visitor, home)
        await handler(made)
    except (CodedError, Invalid, AlreadyHandled) as error:
        if isinstance(error, AlreadyHandled) or await made.is_repeated():
            await made.repeated()
        else:
            await made.refuse(error)
    else:
        await made.finished()
    await made.answered()


async def _say_unforeseen(made: Request, error: Exception, listener: str) -> None:
    """Say that nothing has changed, and the reference; if it has been carried out, that it is done."""
    reference = log_unforeseen(error, listener)
    try:
        if made.carried_out:
            await made.say_done()
        else:
            await made.refuse(Refused(Refusal.UNFORESEEN, reference=reference))
        await made.answered()
    except Exception as failure:
        log.error("unanswered", reference=reference, error=type(failure).__name__)
        if made.ack.response is not None:
            await made.unanswered()
        else:
            await made.ack()


def log_unforeseen(error: Exception, listener: str) -> str:
    """Log an unexpected error; return its reference, six characters that can be read out over the phone."""
    reference = "".join(secrets.choice(CODE_ALPHABET) for _ in range(6)).upper()
    log.error(
        "unforeseen",
        reference=reference,
        error=type(error).__name__,
        at=place_of(error),
        listener=listener,
    )
    return reference


async def unforeseen(error: Exception) -> None:
    """Log an error in a listener of events, which is then not acked, so that Slack sends the event again."""
    log_unforeseen(error, "event")


@dataclass(frozen=True, slots=True)
class EventRequest:
    """An event from Slack. `bot` and `bot_id` are the bot's own user id and bot id."""

    services: Services
    event_id: str
    bot: str | None
    bot_id: str | None

    async def once(self, work: Callable[[UnitOfWork], T]) -> T | None:
        """Run a transaction once for this event; return None if it was already carried out."""
        try:
            return await self.services.database.once(("event", self.event_id), work)
        except AlreadyHandled:
            return None


def on_event(
    app: AsyncApp,
    services: Services,
    kind: str,
    model: type[P],
    handle: Callable[[EventRequest, P], Awaitable[AfterAck | None]],
) -> None:
    """Register a listener for an event.

    Bolt acks an event before its listener runs. The commit has to come first, so it runs in the listener's
    middleware; the callback that `handle` returns runs after the ack.
    """

    async def commit(
        body: dict[str, Any], context: AsyncBoltContext, next: Callable[[], Awaitable[None]]
    ) -> None:
        event_id = str(body.get("event_id", ""))
        request = EventRequest(services, event_id, context.bot_user_id, context.bot_id)
        try:
            context["after_ack"] = await handle(request, read(model, body.get("event") or {}))
        except (Refused, Unreadable):
            # Nobody is answered, and sent again it would end the same.
            context["after_ack"] = None
        await next()

    async def after_ack(context: AsyncBoltContext) -> None:
        rest: AfterAck | None = context["after_ack"]
        if rest is not None:
            with services.inflight.one():
                await rest()

    app.event(kind, middleware=[commit])(after_ack)
