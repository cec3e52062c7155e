"""Adapters from Bolt's arguments to requests: parse the payload, add the person, answer refusals.

The receipt makes a redelivered request idempotent. It is a command's or shortcut's trigger_id; a form's view
id with its callback_id and hash (one window shows several forms in turn); a button's place with its action
and time; an event's id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import AlreadyHandled, TotError
from bot.texts.words import Words, words
from bot.usecases.ports import UnitOfWork
from handlers.blocks.modal import notice
from handlers.slack.error_replies import in_words
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
from handlers.slack.requests import (
    ActionRequest,
    CommandRequest,
    Request,
    ShortcutRequest,
    SubmissionRequest,
    TypedRequest,
)
from handlers.slack.services import VISITOR, Services, Visitor
from handlers.slack.unforeseen import REQUEST

P = TypeVar("P", bound=Payload)
R = TypeVar("R", bound=Request)
T = TypeVar("T")
Listener = Callable[..., Awaitable[None]]
Handler = Callable[[R], Awaitable[None]]
AfterAck = Callable[[AsyncWebClient], Awaitable[None]]


def _listener(
    services: Services,
    model: type[P],
    request: Callable[[P, AsyncArgs, dict[str, Any]], R],
    handler: Callable[[P], Handler[R]],
    say_unreadable: Callable[[AsyncAck, Words, Unreadable], Awaitable[None]],
) -> Listener:
    """Return a listener that reads the payload, makes the `request`, handles or refuses it, and answers."""

    async def listener(args: AsyncArgs) -> None:
        try:
            sent = read(model, args.body)
        except Unreadable as error:
            await say_unreadable(args.ack, words(services.language), error)
            return
        common = {
            "services": services,
            "visitor": args.context[VISITOR],
            "ack": args.ack,
            "client": args.client,
        }
        made = args.context[REQUEST] = request(sent, args, common)
        with services.inflight.one():
            try:
                await handler(sent)(made)
            except AlreadyHandled:
                await made.repeated()
            except TotError as error:
                await made.refuse(error)
            else:
                await made.finished()
            await made.answered()

    return listener


def on_command(services: Services, handle: Handler[CommandRequest]) -> Listener:
    def request(sent: CommandBody, args: AsyncArgs, common: dict[str, Any]) -> TypedRequest:
        return TypedRequest(
            **common,
            receipt=("command", sent.trigger_id),
            channel=sent.channel_id,
            trigger_id=sent.trigger_id,
            rest=sent.text.strip(),
            respond=args.respond,
        )

    async def say_unreadable(ack: AsyncAck, spoken: Words, error: Unreadable) -> None:
        await ack(text=in_words(spoken, error))

    return _listener(services, CommandBody, request, lambda _: handle, say_unreadable)


def on_action(services: Services, handler: Callable[[str], Handler[ActionRequest]]) -> Listener:
    """Return a listener for every button, select and menu, by action_id."""

    def request(sent: ActionBody, args: AsyncArgs, common: dict[str, Any]) -> ActionRequest:
        action = sent.actions[0]
        place = sent.container.message_ts or sent.container.view_id or ""
        where = sent.channel.id if sent.channel is not None else ""
        return ActionRequest(
            **common,
            receipt=("action", where, place, action.action_id, action.action_ts, sent.user.id),
            value=action.chosen or "",
            trigger_id=sent.trigger_id,
            respond=args.respond if args.body.get("response_url") else None,
            view=sent.view,
        )

    return _listener(
        services, ActionBody, request, lambda sent: handler(sent.actions[0].action_id), _only_ack
    )


def on_shortcut(services: Services, handler: Callable[[str], Handler[ShortcutRequest]]) -> Listener:
    """Return a listener for every shortcut, by callback_id."""

    def request(sent: ShortcutBody, args: AsyncArgs, common: dict[str, Any]) -> ShortcutRequest:
        receipt = ("shortcut", sent.trigger_id)
        return ShortcutRequest(**common, receipt=receipt, trigger_id=sent.trigger_id, respond=None)

    return _listener(services, ShortcutBody, request, lambda sent: handler(sent.callback_id), _only_ack)


def on_submission(services: Services, handler: Callable[[str], Handler[SubmissionRequest]]) -> Listener:
    """Return a listener for every form, by callback_id."""

    def request(sent: SubmissionBody, args: AsyncArgs, common: dict[str, Any]) -> SubmissionRequest:
        return SubmissionRequest(
            **common,
            receipt=("view", sent.view.id, sent.view.callback_id, sent.view.hash),
            view_id=sent.view.id,
            metadata=sent.view.private_metadata,
            fields=Fields(sent.view.state),
            inputs=sent.view.inputs,
            form=args.body["view"],
        )

    async def say_unreadable(ack: AsyncAck, spoken: Words, error: Unreadable) -> None:
        await ack(response_action="update", view=notice(spoken, in_words(spoken, error)))

    return _listener(
        services, SubmissionBody, request, lambda sent: handler(sent.view.callback_id), say_unreadable
    )


async def _only_ack(ack: AsyncAck, _words: Words, _error: Unreadable) -> None:
    await ack()


@dataclass(frozen=True, slots=True)
class EventRequest:
    """An event from Slack.

    `bot` and `bot_id` are the bot's own user id and bot id; `visitor` is who expects an answer, if anybody.
    """

    services: Services
    event_id: str
    bot: str | None
    visitor: Visitor | None
    bot_id: str | None = None

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
        try:
            event = read(model, body.get("event") or {})
        except Unreadable:
            event = None
        if event is not None:
            request = EventRequest(
                services,
                str(body.get("event_id", "")),
                context.bot_user_id,
                context.get(VISITOR),
                context.bot_id,
            )
            try:
                context["after_ack"] = await handle(request, event)
            except TotError:
                context["after_ack"] = None
        await next()

    async def after_ack(context: AsyncBoltContext, client: AsyncWebClient) -> None:
        rest: AfterAck | None = context.get("after_ack")
        if rest is not None:
            with services.inflight.one():
                await rest(client)

    app.event(kind, middleware=[commit])(after_ack)
