"""Events in rooms: messages, people who come and go, the room itself; accounts, Home."""

from __future__ import annotations

import html
import re

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.guard import ForbiddenKind, find_forbidden
from bot.domain.worktime import OSLO
from bot.texts.words import Words
from bot.usecases.ports import UnitOfWork
from bot.usecases.profile import open_home, show_open_asks
from bot.usecases.room import account_changed, bot_joined, room_changed, someone_joined, someone_left
from handlers.slack.bolt_adapters import AfterAck, EventRequest
from handlers.slack.events import AccountEvent, HomeEvent, MemberEvent, MessageEvent, RoomEvent, Said
from handlers.slack.services import Visitor

#: Mentions and channel references are Slack's own ids, which look like number plates.
_REFERENCE = re.compile(r"<[@#!][^>]*>")
_NEW = (None, "file_share", "thread_broadcast", "me_message")
#: Slack's lines in a room that has been made public, or closed again; no other event tells of it.
_CONVERTED = ("channel_convert_to_public", "channel_convert_to_private")


async def message(request: EventRequest, event: MessageEvent) -> AfterAck | None:
    """To the bot: what waits for the writer. In a room: the guard; and that others can read it now."""
    if event.subtype in _CONVERTED:
        await request.once(lambda uow: room_changed(uow, event.channel))
        return None
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
            await client.chat_postEphemeral(channel=channel, user=user, text=text)
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
    """Someone is in a room. The bot itself is no intruder: it has been let in again."""
    if event.user == request.bot:
        await request.once(lambda uow: bot_joined(uow, event.channel))
    else:
        await request.once(lambda uow: someone_joined(uow, event.channel, event.user, event.event_ts))


async def left(request: EventRequest, event: MemberEvent) -> None:
    if event.user != request.bot:
        await request.once(lambda uow: someone_left(uow, event.channel, event.user, event.event_ts))


async def changed(request: EventRequest, event: RoomEvent) -> None:
    """Something has happened to a room as a whole. What it is now Slack is asked; an event may be old."""
    await request.once(lambda uow: room_changed(uow, event.id))


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
