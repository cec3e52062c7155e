"""Events in rooms: messages, people who come and go, accounts, Home; and the messages about them."""

from __future__ import annotations

import html
import re

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Action
from bot.domain.directory.entities import Agency
from bot.domain.guard import ForbiddenKind, find_forbidden
from bot.domain.notification_params import Undeleted, Undelivered
from bot.domain.notifications import Kind, Origin
from bot.domain.worktime import OSLO
from bot.texts.words import Words
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import open_home, show_open_asks
from bot.usecases.room import account_changed, someone_joined, someone_left
from handlers.blocks import formatting
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import lines
from handlers.blocks.formatting import is_about_case, short_message, way_to_room
from handlers.delivery.declarations import CaseMessage
from handlers.slack.bolt_adapters import AfterAck, EventRequest
from handlers.slack.declarations import Event, Subject
from handlers.slack.events import AccountEvent, HomeEvent, MemberEvent, MessageEvent, Said
from handlers.slack.retry import when_open
from handlers.slack.services import Visitor


def intruder(ctx: RenderContext) -> Message | None:
    """To a coordinator, loudly: someone without a right came into the room. Subject: the case."""
    if not is_about_case(ctx) or not formatting.for_coordinator(ctx):
        return None
    text = ctx.words("notice.intruder", code=formatting.code(ctx))
    return short_message(ctx.words("notice.intruder-short"), lines(text, way_to_room(ctx)))


def kick_refused(ctx: RenderContext) -> Message | None:
    """To the room and a coordinator, loudly: Slack refuses the removal. Goes when they are out."""
    if not is_about_case(ctx) or not ctx.file.room.kick_refused:
        return None
    short = ctx.words("notice.kick-refused-short")
    if ctx.recipient is None:
        return short_message(short, ctx.words("notice.kick-refused-room"))
    if not formatting.for_coordinator(ctx):
        return None
    return short_message(
        short, lines(ctx.words("notice.kick-refused", code=formatting.code(ctx)), way_to_room(ctx))
    )


def not_delivered(ctx: RenderContext) -> Message | None:
    """To a coordinator: something will not arrive. Subject: that of what did not arrive."""
    if not formatting.for_coordinator(ctx):
        return None
    lost = ctx.notification.params_as(Undelivered)
    kind, person_id = Kind(lost.kind), lost.recipient
    named = {"what": ctx.words(f"undelivered.{_what(kind)}"), "code": formatting.code(ctx)}
    short = ctx.words("notice.not-delivered-short")
    if person_id is None:
        return short_message(short, ctx.words("notice.not-delivered-room", **named))
    agency = _agency_of_subject(ctx)
    if agency is None:
        if person_id not in ctx.file.persons:
            return None
        person = formatting.mention(ctx.file, person_id) or ctx.words("person.unknown")
        return short_message(short, ctx.words("notice.not-delivered-person", person=person, **named))
    person = formatting.contact(ctx, person_id, agency)
    by_mail = "-mail" if kind is Kind.MAIL_INVITE else ""
    text = ctx.words(f"notice.not-delivered{by_mail}", person=person, agency=ctx.agency(agency), **named)
    return short_message(short, lines(text, formatting.duty_line(ctx, agency)))


def not_deleted(ctx: RenderContext) -> Message | None:
    """To a coordinator: where Slack does not let the bot delete what it wrote. Subject: the case."""
    if not is_about_case(ctx) or not formatting.for_coordinator(ctx):
        return None
    place = ctx.notification.params_as(Undeleted)
    named = {"code": formatting.code(ctx)}
    if place.recipient is None:
        text = lines(ctx.words("notice.not-deleted-room", **named), way_to_room(ctx))
    else:
        person = formatting.mention(ctx.file, place.recipient) or ctx.words("person.unknown")
        text = ctx.words("notice.not-deleted-person", person=person, **named)
    return short_message(ctx.words("notice.not-deleted-short"), text)


def _what(kind: Kind) -> str:
    if kind.origin is Origin.PLAN or kind is Kind.UNANSWERED:
        return "reminder"
    return kind if kind in (Kind.ACKNOWLEDGEMENT, Kind.SUMMONS, Kind.INVITE) else "other"


def _agency_of_subject(ctx: RenderContext) -> Agency | None:
    file, subject = ctx.file, ctx.notification.subject
    ask, seat = file.ask(subject), file.seat(subject)
    if ask is not None:
        return file.agency_of_ask(ask)
    step = next((s for s in file.steps if s.id == subject), None)
    if step is not None:
        return file.agency_of(file.duty(step.duty_id).involvement_id)
    involvement_id = seat.involvement_id if seat is not None else subject
    involvement = formatting.involvement_of(ctx, involvement_id)
    return file.agency_of(involvement.id) if involvement is not None else None


NOTIFICATIONS = (
    CaseMessage(Kind.INTRUDER, intruder),
    CaseMessage(Kind.KICK_REFUSED, kick_refused),
    CaseMessage(Kind.NOT_DELIVERED, not_delivered),
    CaseMessage(Kind.NOT_DELETED, not_deleted),
)

#: Mentions and channel references are Slack's own ids, which look like number plates.
_REFERENCE = re.compile(r"<[@#!][^>]*>")
_NEW = (None, "file_share", "thread_broadcast", "me_message")


async def message(request: EventRequest, event: MessageEvent) -> AfterAck | None:
    """To the bot: what waits for the writer. In a room: the guard."""
    if event.channel_type == "im":
        if event.subtype in _NEW and request.visitor is not None and not event.bot_id:
            await answer(request, request.visitor, event.ts)
        return None
    if event.channel_type != "group":
        return None
    said = _said(event)
    if said is None or said.user is None or said.bot_id:
        return None
    kinds = kinds_in(said.words, request)
    files = bool(said.files) and event.subtype != "message_changed"
    if not kinds and not files:
        return None
    return await _asked_to_delete(request, event.channel, said.user, kinds, files)


async def answer(request: EventRequest, visitor: Visitor, message: str) -> None:
    await request.once(lambda uow: show_open_asks(uow, visitor.actor(uow), message))


def _said(event: MessageEvent) -> Said | None:
    """Return the new content of the message; None if an edit left the text as it was."""
    if event.subtype in _NEW:
        return event
    before, after = event.previous_message, event.message
    if event.subtype != "message_changed" or after is None:
        return None
    return None if before is not None and before.words == after.words else after


def kinds_in(text: str, request: EventRequest) -> list[ForbiddenKind]:
    """The forbidden kinds in a text as Slack sends it, each once."""
    plain = html.unescape(_REFERENCE.sub(" ", text))
    today = request.services.clock.now().astimezone(OSLO).date()
    return list(dict.fromkeys(f.kind for f in find_forbidden(plain, today=today)))


async def _asked_to_delete(
    request: EventRequest, channel: str, user: str, kinds: list[ForbiddenKind], files: bool
) -> AfterAck | None:
    def in_a_room(uow: UnitOfWork) -> Words | None:
        if uow.case_of_channel(channel) is None:
            return None
        return request.services.visitor_in(uow, user).words

    words = await request.once(in_a_room)
    if words is None:
        return None
    text = reproach(words, kinds, files)

    async def whisper(client: AsyncWebClient) -> None:
        try:
            await when_open(lambda: client.chat_postEphemeral(channel=channel, user=user, text=text))
        except SlackApiError as error:
            # The writer has left meanwhile; nobody else is to read it.
            if error.response.get("error") not in (
                "user_not_in_channel",
                "channel_not_found",
                "not_in_channel",
            ):
                raise

    return whisper


def reproach(words: Words, kinds: list[ForbiddenKind], files: bool) -> str:
    """To the writer alone: what kind of thing was seen, without repeating it, and what to do."""
    lines = []
    if kinds:
        lines.append(words("guard.in-room", kinds=words.several(words(f"guard.kind.{k}") for k in kinds)))
    if files:
        lines.append(words("guard.file"))
    return "\n".join([*lines, words("guard.only-a-part")])


async def joined(request: EventRequest, event: MemberEvent) -> None:
    """Someone is in a room. The bot itself is no intruder."""
    if event.user != request.bot:
        await request.once(lambda uow: someone_joined(uow, event.channel, event.user))


async def left(request: EventRequest, event: MemberEvent) -> None:
    if event.user != request.bot:
        await request.once(lambda uow: someone_left(uow, event.channel, event.user, event.event_ts))


async def account(request: EventRequest, event: AccountEvent) -> None:
    """An account was changed; most changes are of no interest, and cost a look."""
    user = event.user
    person = await request.services.database.read(lambda uow: uow.person_by_slack(user.id))
    if person is not None and person.deactivated != user.deleted:
        await request.once(lambda uow: account_changed(uow, user.id, deactivated=user.deleted))


async def home(request: EventRequest, event: HomeEvent) -> None:
    visitor = request.visitor
    if event.tab in ("", "home") and visitor is not None:
        await request.once(lambda uow: open_home(uow, visitor.actor(uow)))


ROOM = Subject(
    "room",
    events=(
        Event("message", MessageEvent, (Action.SEE_OWN_ASKS, Action.SEE_ROOM), message),
        Event("member_joined_channel", MemberEvent, Action.SEE_ROOM, joined),
        Event("member_left_channel", MemberEvent, Action.LEAVE, left),
        Event("user_change", AccountEvent, Action.SEE_ROOM, account),
        Event("app_home_opened", HomeEvent, Action.SEE_HOME, home),
    ),
    notifications=NOTIFICATIONS,
)
