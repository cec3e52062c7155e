"""Events in rooms: messages, people who come and go, accounts, Home; and the messages about them."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import partial

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Action
from bot.domain.directory.entities import Agency, Coordinator
from bot.domain.guard import ForbiddenKind, find_forbidden
from bot.domain.notification_params import Undeleted, Undelivered
from bot.domain.notifications import Kind, Origin
from bot.domain.worktime import OSLO
from bot.texts.words import Words
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import open_home, show_open_asks
from bot.usecases.room import (
    account_changed,
    app_wrote,
    belongs,
    registered_accounts,
    someone_joined,
    someone_left,
)
from handlers.blocks import formatting
from handlers.blocks.context import Message, RenderContext
from handlers.blocks.elements import lines
from handlers.blocks.formatting import is_about_case, short_message, way_to_room
from handlers.blocks.lock_screen import whispered
from handlers.delivery.calls import SlackRefused, call
from handlers.delivery.declarations import CaseMessage
from handlers.slack.bolt_adapters import AfterAck, EventRequest
from handlers.slack.declarations import Event, Subject
from handlers.slack.events import AccountEvent, HomeEvent, MemberEvent, MessageEvent, Said
from handlers.slack.guest_middleware import Account
from handlers.slack.guest_middleware import account as account_kind
from handlers.slack.retry import when_open
from handlers.slack.services import Services, Visitor

log = structlog.get_logger(__name__)


def intruder(ctx: RenderContext) -> Message | None:
    """To a coordinator, loudly: someone without a right came into the room. Subject: the case."""
    if not is_about_case(ctx) or not formatting.for_coordinator(ctx):
        return None
    text = ctx.words("notice.intruder", code=formatting.code(ctx))
    return short_message(lines(text, way_to_room(ctx)))


def kick_refused(ctx: RenderContext) -> Message | None:
    """To the room and a coordinator, loudly: Slack refuses the removal. Goes when they are out."""
    if not is_about_case(ctx) or not ctx.file.room.kick_refused:
        return None
    if ctx.recipient is None:
        return short_message(ctx.words("notice.kick-refused-room"))
    if not formatting.for_coordinator(ctx):
        return None
    return short_message(lines(ctx.words("notice.kick-refused", code=formatting.code(ctx)), way_to_room(ctx)))


def contact_gone(ctx: RenderContext) -> Message | None:
    """To a coordinator: a contact's account is gone, and who is asked now. Subject: the seat that ended."""
    file = ctx.file
    seat = file.seat(ctx.notification.subject)
    if seat is None or seat.involvement_id is None or not file.open or not formatting.for_coordinator(ctx):
        return None
    if file.involvement(seat.involvement_id).ended_at is not None:
        return None
    agency, lead = file.agency_of(seat.involvement_id), file.lead(seat.involvement_id)
    gone = ctx.words(
        "notice.contact-gone",
        person=formatting.contact(ctx, seat.person_id, agency),
        agency=ctx.agency(agency),
        code=formatting.code(ctx),
    )
    if lead is None:
        rest = lines(ctx.words("notice.contact-gone-nobody"), formatting.duty_line(ctx, agency))
    elif lead.confirmed or file.reached_directly(lead.person_id, seat.involvement_id):
        how = "stays" if lead.confirmed else "asked"
        rest = ctx.words(f"notice.contact-gone-{how}", person=formatting.contact(ctx, lead.person_id, agency))
    else:
        rest = lines(ctx.words("notice.contact-gone-ring"), formatting.duty_line(ctx, agency))
    return short_message(lines(gone, rest, way_to_room(ctx)))


def app_wrote_here(ctx: RenderContext) -> Message | None:
    """To the room: an app has written what may not be there. Subject: the case."""
    if not is_about_case(ctx) or ctx.recipient is not None:
        return None
    return short_message(ctx.words("notice.app-wrote"))


def not_delivered(ctx: RenderContext) -> Message | None:
    """To a coordinator: something will not arrive. Subject: that of what did not arrive."""
    if not formatting.for_coordinator(ctx):
        return None
    lost = ctx.notification.params_as(Undelivered)
    kind, person_id = Kind(lost.kind), lost.recipient
    named = {"what": ctx.words(f"undelivered.{_what(kind)}"), "code": formatting.code(ctx)}
    if person_id is None:
        return short_message(ctx.words("notice.not-delivered-room", **named))
    agency = _agency_of_subject(ctx)
    if agency is None:
        if person_id not in ctx.file.persons:
            return None
        person = formatting.mention(ctx.file, person_id) or ctx.words("person.unknown")
        return short_message(ctx.words("notice.not-delivered-person", person=person, **named))
    person = formatting.contact(ctx, person_id, agency)
    by_mail = "-mail" if kind is Kind.MAIL_INVITE else ""
    text = ctx.words(f"notice.not-delivered{by_mail}", person=person, agency=ctx.agency(agency), **named)
    return short_message(lines(text, formatting.duty_line(ctx, agency)))


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
    return short_message(text)


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
    CaseMessage(Kind.CONTACT_GONE, contact_gone),
    CaseMessage(Kind.APP_WROTE, app_wrote_here),
    CaseMessage(Kind.NOT_DELIVERED, not_delivered),
    CaseMessage(Kind.NOT_DELETED, not_deleted),
)

#: Mentions and channel references are Slack's own ids, which look like number plates.
_REFERENCE = re.compile(r"<[@#!][^>]*>")
_NEW = (None, "file_share", "thread_broadcast", "me_message", "bot_message")
#: Slack's own lines that repeat the name or topic that somebody has given the room.
_NAMED = tuple(f"{noun}_{what}" for noun in ("group", "channel") for what in ("name", "topic", "purpose"))


async def message(request: EventRequest, event: MessageEvent) -> AfterAck | None:
    """To the bot: what waits for the writer. In a room: the guard."""
    if event.channel_type == "im":
        if event.subtype in _NEW and request.visitor is not None and not event.bot_id:
            await answer(request, request.visitor, event.ts)
        return None
    if event.channel_type != "group":
        return None
    said = _said(event)
    own = said is not None and (request.bot == said.user or (said.bot_id or "") == request.bot_id)
    if said is None or own:
        return None
    kinds = kinds_in(said.pieces, request)
    files = said.has_files and event.subtype != "message_changed"
    user, found = said.user, bool(kinds) or files
    if user is None or (said.bot_id and not await _belongs(request, event.channel, user)):
        await request.once(lambda uow: app_wrote(uow, event.channel, user, found=found))
        return None
    if not found:
        return None
    named = event.subtype in _NAMED
    return await _asked_to_delete(request, event.channel, user, kinds, files, named=named)


async def _belongs(request: EventRequest, channel: str, user: str) -> bool:
    """Return whether somebody of the room has written this, by means of an app."""
    return await request.services.database.read(lambda uow: belongs(uow, channel, user))


async def answer(request: EventRequest, visitor: Visitor, message: str) -> None:
    await request.once(lambda uow: show_open_asks(uow, visitor.actor(uow), message))


def _said(event: MessageEvent) -> Said | None:
    """Return the new content of the message; None if an edit left the text as it was."""
    if event.subtype in (*_NEW, *_NAMED):
        return event
    before, after = event.previous_message, event.message
    if event.subtype != "message_changed" or after is None:
        return None
    return None if before is not None and before.pieces == after.pieces else after


def kinds_in(texts: Sequence[str], request: EventRequest) -> list[ForbiddenKind]:
    """The forbidden kinds in texts as Slack sends them, each once."""
    plain = (html.unescape(_REFERENCE.sub(" ", text)) for text in texts)
    today = request.services.clock.now().astimezone(OSLO).date()
    return list(dict.fromkeys(f.kind for text in plain for f in find_forbidden(text, today=today)))


async def _asked_to_delete(
    request: EventRequest,
    channel: str,
    user: str,
    kinds: list[ForbiddenKind],
    files: bool,
    *,
    named: bool,
) -> AfterAck | None:
    def in_a_room(uow: UnitOfWork) -> Words | None:
        if uow.case_of_channel(channel) is None:
            return None
        return request.services.visitor_in(uow, user).words

    words = await request.once(in_a_room)
    if words is None:
        return None
    said, blocks = whispered(words, reproach(words, kinds, files, named=named))

    async def whisper(client: AsyncWebClient) -> None:
        try:
            await when_open(
                lambda: client.chat_postEphemeral(channel=channel, user=user, text=said, blocks=blocks)
            )
        except SlackApiError as error:
            # The writer has left meanwhile; nobody else is to read it.
            if error.response.get("error") not in (
                "user_not_in_channel",
                "channel_not_found",
                "not_in_channel",
            ):
                raise

    return whisper


def reproach(words: Words, kinds: list[ForbiddenKind], files: bool, *, named: bool = False) -> str:
    """To the writer alone: what kind of thing was seen, without repeating it, and what to do.

    `named`: it was seen in the room's name or topic.
    """
    lines = []
    if kinds:
        where = "guard.in-name" if named else "guard.in-room"
        lines.append(words(where, kinds=words.several(words(f"guard.kind.{k}") for k in kinds)))
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
    user, services = event.user, request.services
    kind = account_kind(user.model_dump(), services.workspace_id)
    if await services.database.read(lambda uow: _is_news(uow, user.id, kind)):
        _log_if_alone(await request.once(lambda uow: _take(uow, user.id, kind)))


async def check_accounts(services: Services, client: AsyncWebClient) -> None:
    """Look the accounts of coordinators and contacts up: what has changed while nobody listened.

    One that Slack does not know is left to an operator: another workspace's token would know none.
    """
    for slack_id in await services.database.read(registered_accounts):
        try:
            user = (await call(client.users_info(user=slack_id))).get("user") or {}
        except SlackRefused as refusal:
            if refusal.code not in ("user_not_found", "user_not_visible"):
                raise
            continue
        take = partial(_take, slack_id=slack_id, kind=account_kind(user, services.workspace_id))
        if await services.database.read(partial(_is_news, slack_id=slack_id, kind=take.keywords["kind"])):
            _log_if_alone(await services.database.write(take))


def _is_news(uow: UnitOfWork, slack_id: str, kind: Account) -> bool:
    person = uow.person_by_slack(slack_id)
    if person is None:
        return False
    coordinates = kind is Account.GUEST and bool(uow.find(Coordinator, person_id=person.id, until=None))
    return coordinates or person.deactivated != (kind is Account.OUTSIDE)


def _take(uow: UnitOfWork, slack_id: str, kind: Account) -> bool:
    gone, guest = kind is Account.OUTSIDE, kind is Account.GUEST
    return account_changed(uow, slack_id, deactivated=gone, guest=guest)


def _log_if_alone(alone: bool | None) -> None:
    """Tell an operator: nobody can command from Slack what that team does. `tot doctor` says which."""
    if alone:
        log.error("team.without-coordinator")


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
