"""From Bolt's arguments to requests: parse the payload, add the person, turn refusals into answers.

Receipts (what makes a second delivery have no second effect): a command's or shortcut's trigger_id, a form's
view id with its callback_id and hash (one window shows one form after the other), a button's place with its
action and moment, an event's id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import AlreadyHandled, Invalid, Overtaken, Refusal, Refused, TotError
from bot.texts.words import words
from bot.usecases.ports import UnitOfWork
from handlers.blocks.modal import notice
from handlers.slack import resume
from handlers.slack.error_replies import (
    REQUEST,
    explain,
    field_errors,
    in_words,
    names_of,
    with_way_out,
)
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
    ShortcutRequest,
    SubmissionRequest,
    TypedRequest,
)
from handlers.slack.services import VISITOR, Services, Visitor

Listener = Callable[..., Awaitable[None]]
AfterAck = Callable[[AsyncWebClient], Awaitable[None]]
#: How often an event that was overtaken is tried again before it is left to Slack to send it again.
MOST_TRIES = 3
P = TypeVar("P", bound=Payload)
T = TypeVar("T")


def on_command(services: Services, handle: Callable[[CommandRequest], Awaitable[None]]) -> Listener:
    """A listener for the slash command."""

    async def command(
        ack: AsyncAck,
        body: dict[str, Any],
        client: AsyncWebClient,
        respond: AsyncRespond,
        context: AsyncBoltContext,
    ) -> None:
        try:
            sent = read(CommandBody, body)
        except Unreadable as error:
            await ack(text=in_words(words(services.language), error))
            return
        request = TypedRequest(
            services=services,
            visitor=context[VISITOR],
            receipt=("command", sent.trigger_id),
            ack=ack,
            client=client,
            channel=sent.channel_id,
            trigger_id=sent.trigger_id,
            rest=sent.text.strip(),
            respond=respond,
        )
        context[REQUEST] = request
        with services.inflight.one():
            try:
                await handle(request)
            except AlreadyHandled:
                await ack()
            except TotError as error:
                text = await explain(services, request.words, error)
                await request.answer(text, with_way_out(services, request.words, error, text))
            await request.answered()

    return command


def on_action(
    services: Services,
    handlers: Mapping[str, Callable[[ActionRequest], Awaitable[None]]],
    otherwise: Callable[[ActionRequest], Awaitable[None]],
) -> Listener:
    """A listener for every button, select and menu, by action_id."""

    async def press(
        ack: AsyncAck,
        body: dict[str, Any],
        client: AsyncWebClient,
        respond: AsyncRespond,
        context: AsyncBoltContext,
    ) -> None:
        try:
            sent = read(ActionBody, body)
        except Unreadable:
            await ack()
            return
        action = sent.actions[0]
        place = sent.container.message_ts or sent.container.view_id or ""
        where = sent.channel.id if sent.channel is not None else ""
        request = ActionRequest(
            services=services,
            visitor=context[VISITOR],
            receipt=("action", where, place, action.action_id, action.action_ts, sent.user.id),
            ack=ack,
            client=client,
            value=action.chosen or "",
            trigger_id=sent.trigger_id,
            respond=respond if body.get("response_url") else None,
            view=sent.view,
        )
        context[REQUEST] = request
        with services.inflight.one():
            try:
                await handlers.get(action.action_id, otherwise)(request)
            except AlreadyHandled:
                await ack()
            except TotError as error:
                if request.respond is None and _is(error, _NOT_OPENED):
                    await request.not_opened()
                    return
                request.why = names_of(error)
                text = await explain(services, request.words, error)
                await request.tell(text, with_way_out(services, request.words, error, text))
            else:
                if ack.response is None:
                    await ack()
                await request.acted()
            await request.answered()

    return press


def on_shortcut(
    services: Services,
    handlers: Mapping[str, Callable[[ShortcutRequest], Awaitable[None]]],
    otherwise: Callable[[ShortcutRequest], Awaitable[None]],
) -> Listener:
    """A listener for every shortcut, by callback_id."""

    async def shortcut(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        try:
            sent = read(ShortcutBody, body)
        except Unreadable:
            await ack()
            return
        request = ShortcutRequest(
            services=services,
            visitor=context[VISITOR],
            receipt=("shortcut", sent.trigger_id),
            ack=ack,
            client=client,
            trigger_id=sent.trigger_id,
        )
        context[REQUEST] = request
        with services.inflight.one():
            try:
                await handlers.get(sent.callback_id, otherwise)(request)
            except AlreadyHandled:
                await ack()
            except TotError as error:
                if _is(error, _NOT_OPENED):
                    await request.not_opened()
                    return
                await request.open(notice(request.words, await explain(services, request.words, error)))
            await request.answered()

    return shortcut


def on_submission(
    services: Services,
    handlers: Mapping[str, Callable[[SubmissionRequest], Awaitable[None]]],
    otherwise: Callable[[SubmissionRequest], Awaitable[None]],
) -> Listener:
    """A listener for every form, by callback_id.

    What is wrong with a field is said at the field, the rest in its place.
    """

    async def submission(
        ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        try:
            sent = read(SubmissionBody, body)
        except Unreadable as error:
            spoken = words(services.language)
            await ack(response_action="update", view=notice(spoken, in_words(spoken, error)))
            return
        request = SubmissionRequest(
            services=services,
            visitor=context[VISITOR],
            receipt=("view", sent.view.id, sent.view.callback_id, sent.view.hash),
            ack=ack,
            client=client,
            view_id=sent.view.id,
            metadata=sent.view.private_metadata,
            fields=Fields(sent.view.state),
            inputs=sent.view.inputs,
            form=body["view"],
        )
        context[REQUEST] = request
        with services.inflight.one():
            try:
                await handlers.get(sent.view.callback_id, otherwise)(request)
            except AlreadyHandled:
                await request.done()
            except Invalid as error:
                request.why = names_of(error)
                if request.inputs and not request.late:
                    await request.mark(field_errors(request.words, error, request.inputs))
                else:
                    await _fails(request, in_words(request.words, error))
            except TotError as error:
                request.why = names_of(error)
                text = await explain(services, request.words, error)
                if _is(error, _PUSHED_ASIDE):
                    await _fails(request, text)
                else:
                    await request.replace(notice(request.words, text))
            else:
                await resume.forget(services, request.visitor, sent.view.blocks)
            await request.answered()

    return submission


#: No window could be opened.
_NOT_OPENED = frozenset({Refusal.TOO_SLOW, Refusal.SLACK_BUSY})
#: What hinders somebody who may do it. Whoever may not is offered nothing, and nothing is kept of them.
_PUSHED_ASIDE = frozenset({Refusal.OVERTAKEN, Refusal.STILL_BUSY, *_NOT_OPENED})


def _is(error: TotError, whys: Container[Refusal]) -> bool:
    return isinstance(error, Refused) and error.why in whys


async def _fails(request: SubmissionRequest, text: str) -> None:
    """Say why, and offer the form again."""
    kept = await resume.keep(request.services, request.visitor, request.form)
    await request.replace(resume.failed(request.words, text, kept))


@dataclass(frozen=True, slots=True)
class EventRequest:
    """An event. `bot` and `bot_id` are the bot's own Slack ids, as a user and as an app; `visitor` is who
    waits for an answer, if anybody does.
    """

    services: Services
    event_id: str
    bot: str | None
    visitor: Visitor | None
    bot_id: str | None = None

    async def once(self, work: Callable[[UnitOfWork], T]) -> T | None:
        """Run a transaction once for this event; None if it has had its effect."""
        for _ in range(MOST_TRIES):
            try:
                return await self._once(work)
            except Overtaken:
                # Nobody chose this moment: whoever the bot removes from a room leaves it while the bot
                # still writes down that it has.
                continue
        return await self._once(work)

    async def _once(self, work: Callable[[UnitOfWork], T]) -> T | None:
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

    Bolt acks an event before its listener runs. The commit has to come first, so it is made in the
    listener's middleware; what `handle` returns is done after the ack.
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
            except Overtaken:
                raise  # not acked, so that Slack sends it again
            except TotError:
                context["after_ack"] = None
        await next()

    async def after_ack(context: AsyncBoltContext, client: AsyncWebClient) -> None:
        rest: AfterAck | None = context.get("after_ack")
        if rest is not None:
            with services.inflight.one():
                await rest(client)

    app.event(kind, middleware=[commit])(after_ack)
