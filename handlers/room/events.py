"""Events in rooms: messages, people who come and go, the room itself; accounts, Home."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.directory.entities import Coordinator
from bot.domain.errors import Refused
from bot.domain.guard import ForbiddenKind, in_portions
from bot.domain.worktime import OSLO
from bot.texts.words import Words
from bot.usecases import room
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import open_home, see_home, show_open_asks
from handlers.blocks.lock_screen import whispered
from handlers.delivery.calls import OutcomeUnknown, RetryAfter, SlackRefused, Unusable, call
from handlers.slack import events
from handlers.slack.accounts import Account, admit
from handlers.slack.accounts import account as account_kind
from handlers.slack.bolt_adapters import AfterAck, EventRequest
from handlers.slack.error_replies import in_words
from handlers.slack.retry import when_open
from handlers.slack.services import Services

log = structlog.get_logger(__name__)
#: Mentions and channel references are Slack's own ids, which look like number plates.
_REFERENCE = re.compile(r"<[@#!][^<>]*>")
_NEW = (None, "file_share", "thread_broadcast", "me_message", "bot_message")
#: Slack's own lines that repeat the name, topic or purpose that somebody has given the room.
_NAMED = tuple(f"{noun}_{what}" for noun in ("group", "channel") for what in ("name", "topic", "purpose"))
#: Attempts to look an account up while Slack limits the method, and the longest wait before the next one.
_TRIES, _LONGEST_WAIT = 3, timedelta(minutes=1)
#: Slack's lines in a room that was made public, or private again; no other event tells of it.
_CONVERTED = ("channel_convert_to_public", "channel_convert_to_private")


async def message(request: EventRequest, event: events.MessageEvent) -> AfterAck | None:
    """To the bot: show what waits for the writer. In a room: apply the guard; notice a change to public."""
    if event.subtype in _CONVERTED:
        await request.once(lambda uow: room.room_changed(uow, event.channel))
        return None
    if event.channel_type == "im":
        return await _answer(request, event)
    if event.channel_type != "group":
        return None
    said = _said(event)
    own = said is not None and (request.bot == said.user or (said.bot_id or "") == request.bot_id)
    if said is None or own or not await _in_a_room(request, event.channel):
        return None
    kinds = await kinds_in(said.pieces, request.services.clock.now().astimezone(OSLO).date())
    files = said.has_files and event.subtype != "message_changed"
    user, found = said.user, bool(kinds) or files
    if user is None or (said.bot_id and not await _belongs(request, event.channel, user)):
        await request.once(lambda uow: room.app_wrote(uow, event.channel, user, found=found))
        return None
    if not found:
        return None
    named = event.subtype in _NAMED
    return await _asked_to_delete(request, event.channel, user, kinds, files, named=named)


async def _in_a_room(request: EventRequest, channel: str) -> bool:
    """Return whether this is a case's room; messages in other channels are not checked."""
    return await request.services.database.read(lambda uow: uow.case_of_channel(channel)) is not None


async def _belongs(request: EventRequest, channel: str, user: str) -> bool:
    """Return whether somebody of the room has written this through an app."""
    return await request.services.database.read(lambda uow: room.belongs(uow, channel, user))


async def _answer(request: EventRequest, event: events.MessageEvent) -> AfterAck | None:
    if event.user is None or event.subtype not in _NEW or event.bot_id:
        return None
    visitor = await request.services.visitor(event.user)
    try:
        await admit(request.services, visitor, event.user_team)
    except Refused as refused:
        text = in_words(visitor.words, refused)
        return _whisper(request.services, event.channel, event.user, visitor.words, text)
    await request.once(lambda uow: show_open_asks(uow, visitor.actor(uow), event.ts))
    return None


def _said(event: events.MessageEvent) -> events.Said | None:
    """Return the new content of the message; None if an edit left the text as it was."""
    if event.subtype in (*_NEW, *_NAMED):
        return event
    before, after = event.previous_message, event.message
    if event.subtype != "message_changed" or after is None:
        return None
    return None if before is not None and before.pieces == after.pieces else after


async def kinds_in(texts: Iterable[str], today: date) -> list[ForbiddenKind]:
    """Return the forbidden kinds in texts as Slack sends them, each once; other tasks run in between."""
    kinds: dict[ForbiddenKind, None] = {}
    for text in texts:
        for found in in_portions(_unescaped(_REFERENCE.sub(" ", text)), today=today):
            kinds |= dict.fromkeys(found)
            await asyncio.sleep(0)
    return list(kinds)


def _unescaped(text: str) -> str:
    """Unescape the three characters that Slack escapes; `html` fails on very long references."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


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
    return _whisper(request.services, channel, user, words, reproach(words, kinds, files, named=named))


def _whisper(services: Services, channel: str, user: str, words: Words, text: str) -> AfterAck:
    """Return what says a text to one person only."""
    said, blocks = whispered(words, text)
    post = partial(services.client.chat_postEphemeral, channel=channel, user=user, text=said, blocks=blocks)

    async def whisper() -> None:
        try:
            await when_open(post)
        except SlackRefused as refused:
            # The writer has left meanwhile, and nobody else may read it.
            if refused.code not in ("user_not_in_channel", "channel_not_found", "not_in_channel"):
                raise

    return whisper


def reproach(words: Words, kinds: list[ForbiddenKind], files: bool, *, named: bool = False) -> str:
    """To the writer only: what kind of thing was seen, without repeating it, and what to do.

    `named`: it was seen in the room's name or topic.
    """
    lines = []
    if kinds:
        where = "guard.in-name" if named else "guard.in-room"
        lines.append(words(where, kinds=words.several(words(f"guard.kind.{k}") for k in kinds)))
    if files:
        lines.append(words("guard.file"))
    return "\n".join([*lines, words("guard.only-a-part")])


async def joined(request: EventRequest, event: events.MemberEvent) -> None:
    """Someone has joined a room. The bot itself is no intruder: it has been let in again."""
    if event.user == request.bot:
        await request.once(lambda uow: room.bot_joined(uow, event.channel))
    else:
        own = event.inviter == request.bot
        await request.once(lambda uow: room.someone_joined(uow, event.channel, event.user, let_in=own))


async def left(request: EventRequest, event: events.MemberEvent) -> None:
    if event.user != request.bot:
        await request.once(lambda uow: room.someone_left(uow, event.channel, event.user))


async def changed(request: EventRequest, event: events.RoomEvent) -> None:
    """A room as a whole has changed. Its state is looked up in Slack, since an event may be old."""
    await request.once(lambda uow: room.room_changed(uow, event.id))


async def account(request: EventRequest, event: events.AccountEvent) -> None:
    """An account was changed; most changes are of no interest, and cost only a read."""
    slack_id, services = str(event.user.get("id")), request.services
    kind = account_kind(event.user, services.workspace_id)
    if await services.database.read(lambda uow: _is_news(uow, slack_id, kind)):
        _log_if_alone(await request.once(lambda uow: _take(uow, slack_id, kind)))


async def check_accounts(services: Services, client: AsyncWebClient) -> None:
    """Look up the accounts of coordinators and contacts, for changes while the bot did not listen.

    An account that Slack does not know is left to an operator: another workspace's token would know none. If
    Slack gives no answer about one, it is looked up an hour later; the others are looked up all the same.
    """
    for slack_id in await services.database.read(room.registered_accounts):
        user = await _looked_up(client, slack_id)
        if user is None:
            continue
        take = partial(_take, slack_id=slack_id, kind=account_kind(user, services.workspace_id))
        if await services.database.read(partial(_is_news, slack_id=slack_id, kind=take.keywords["kind"])):
            _log_if_alone(await services.database.write(take))


async def _looked_up(client: AsyncWebClient, slack_id: str) -> dict[str, Any] | None:
    """Return an account from Slack. With many accounts, Slack limits the method for a moment (facts 12)."""
    for _ in range(_TRIES):
        try:
            return (await call(client.users_info(user=slack_id))).get("user") or None
        except RetryAfter as closed:
            await asyncio.sleep(min(closed.after, _LONGEST_WAIT).total_seconds())
        except Unusable:
            raise
        except (SlackRefused, OutcomeUnknown) as error:
            log.warning("account.not_looked_up", error=type(error).__name__)
            return None
    return None


def _is_news(uow: UnitOfWork, slack_id: str, kind: Account) -> bool:
    person = uow.person_by_slack(slack_id)
    if person is None:
        return False
    coordinates = kind is Account.GUEST and bool(uow.find(Coordinator, person_id=person.id, until=None))
    return coordinates or person.deactivated != (kind is Account.OUTSIDE)


def _take(uow: UnitOfWork, slack_id: str, kind: Account) -> bool:
    gone, guest = kind is Account.OUTSIDE, kind is Account.GUEST
    return room.account_changed(uow, slack_id, deactivated=gone, guest=guest)


def _log_if_alone(alone: bool | None) -> None:
    """Log for an operator that nobody can run that team from Slack. `tot doctor` says which team."""
    if alone:
        log.error("team.without-coordinator")


async def home(request: EventRequest, event: events.HomeEvent) -> None:
    if event.tab in ("", "home"):
        visitor = await request.services.visitor(event.user)
        await admit(request.services, visitor, event.user_team)
        opened = await request.once(lambda uow: open_home(uow, visitor.actor(uow)))
        if opened is not None:
            await request.services.database.read(lambda uow: see_home(uow, opened))
