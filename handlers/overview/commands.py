"""`/tot hjelp`, and `/tot` alone: what this person can do, here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.access import Action
from bot.domain.directory.entities import Person
from bot.texts.words import Words
from bot.usecases.overview import Around, look_around
from bot.usecases.ports import UnitOfWork
from handlers.blocks.elements import actions, button, sections
from handlers.blocks.formatting import team_in_short
from handlers.blocks.modal import notice
from handlers.blocks.people import mention
from handlers.involvement.messages import CHOICES, statement_text
from handlers.overview.ahead import Ahead, see_ahead, what_waits, with_the_rest
from handlers.slack.requests import ActionRequest, CommandRequest
from handlers.slack.vocabulary import Audience, CommandWord, choose, rows_of


async def help(request: CommandRequest) -> None:
    """See what you can do: everything, by role."""
    around = await request.look(look_around, request.channel)
    await _answer(request, around, all_help(request.words, request.services.commands, around))


async def help_by_button(request: ActionRequest) -> None:
    """See what one can do."""
    around = await request.look(look_around, None)
    await request.open(notice(request.words, *all_help(request.words, request.services.commands, around)))


async def here(request: CommandRequest) -> None:
    around, ahead = await request.look(_see_here, request.channel)
    waits = what_waits(request.words, request.now, ahead) if ahead is not None else []
    if around.coordinates or not (waits or around.contact):
        await _answer(request, around, help_here(request.words, request.services.commands, around))
    else:
        blocks = with_the_rest(request.words, waits, around.case_id)
        await request.answer(request.words("help.more"), blocks)


def _see_here(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[Around, Ahead | None]:
    """Return all that is around and, but for a coordinator, what lies ahead: one reading."""
    around = look_around(uow, actor, channel_id)
    return around, None if around.coordinates else see_ahead(uow, actor)


async def _answer(request: CommandRequest, around: Around, said: Sequence[str]) -> None:
    """Say what there is, and show the likeliest as buttons."""
    words = request.words
    offered = likeliest(request.services.commands, around)
    elements = [choose(words, command, request.channel) for command in offered]
    if around.case_id is not None:
        elements.insert(0, button(words("press.choices"), CHOICES, around.case_id, primary=True))
    first, *rest = said
    # The buttons first: on a phone the rest is longer than two screens.
    blocks = [*sections(first), actions(*elements), *sections("\n".join(rest).strip())]
    await request.answer("\n".join(said), blocks)


#: Words by how likely somebody needs them: in the room of a case, else as what they are elsewhere.
_IN_ROOM = ("reopen", "meeting", "attendance", "invite", "actions", "deadline", "move", "phase")
_ELSEWHERE: tuple[tuple[Audience, tuple[str, ...]], ...] = (
    (Audience.COORDINATOR, ("acute", "case")),
    (Audience.CONTACT, ("deputy", "agency")),
    (Audience.ANYONE, ("roster", "guidance", "convene", "language", "access")),
)
MOST_LIKELY = 5


def likeliest(commands: Sequence[CommandWord], around: Around) -> list[CommandWord]:
    """The five likeliest words for this person in this place, of those that help offers them here."""
    by_key = {command.key: command for command in commands}
    in_room = [by_key[key] for key in _IN_ROOM if rows_of(by_key[key].may)[0] in around.here]
    roles = {Audience.ANYONE}
    roles |= {Audience.COORDINATOR} if around.coordinates else set()
    roles |= {Audience.CONTACT} if around.coordinates or around.contact else set()
    elsewhere = [by_key[key] for audience, keys in _ELSEWHERE if audience in roles for key in keys]
    return [*in_room, *elsewhere][:MOST_LIKELY]


def help_here(words: Words, commands: Sequence[CommandWord], around: Around) -> list[str]:
    lines = [words("help.alarm"), ""]
    in_room = _in_room(words, commands, around.here)
    if in_room:
        lines += [words("help.here-room"), *in_room]
    elif around.coordinates:
        lines += [
            words("help.here-coordinator"),
            *_listed(words, commands, Audience.COORDINATOR),
            words("help.room-elsewhere"),
        ]
    else:
        lines += [_stranger(words, around)]
    if around.coordinates:
        lines += _listed(words, commands, Audience.CONTACT)
    return [*lines, "", *_listed(words, commands, Audience.ANYONE), words("help.more")]


def all_help(words: Words, commands: Sequence[CommandWord], around: Around) -> list[str]:
    """Lines by role; a role that the person does not have is not shown."""
    lines = [words("help.alarm"), *(team_in_short(words, team) for team in around.teams), ""]
    if around.coordinates:
        lines += [words("help.coordinator"), *_listed(words, commands, Audience.COORDINATOR), ""]
    if around.contact:
        lines += [words("help.contact"), ""]
    in_rooms = _in_room(words, commands, around.in_rooms)
    if in_rooms:
        lines += [words("help.room" if around.coordinates else "help.own-rooms"), *in_rooms, ""]
    if around.coordinates or around.contact:
        lines += [words("help.agency"), *_listed(words, commands, Audience.CONTACT), ""]
    if not around.coordinates and not around.contact:
        lines += [_stranger(words, around), ""]
    return [
        *lines,
        words("help.everyone"),
        *_listed(words, commands, Audience.ANYONE),
        "",
        words("help.never"),
        *_statements(words, around),
    ]


def _statements(words: Words, around: Around) -> list[str]:
    """The whole statement of confidentiality of each team: what somebody has confirmed can be read again."""
    if not (around.coordinates or around.contact or around.in_rooms):
        return []
    said = dict.fromkeys(statement_text(words, team, "help.statement") for team in around.teams)
    return [line for text in said for line in ("", text)]


def _listed(words: Words, commands: Sequence[CommandWord], audience: Audience) -> list[str]:
    return [_line(words, c) for c in commands if c.audience is audience and c.key != "help"]


def _in_room(words: Words, commands: Sequence[CommandWord], may: frozenset[Action]) -> list[str]:
    offered = (c for c in commands if c.audience is Audience.ROOM and rows_of(c.may)[0] in may)
    listed = [_line(words, c, more=c.more in may) for c in offered]
    return [*listed, words("help.in-choices")] if Action.TAKE_CASE in may else listed


def _line(words: Words, command: CommandWord, *, more: bool = False) -> str:
    return words("help.line", word=command.shown(words), does=words(command.help_key(more=more)))


def _stranger(words: Words, around: Around) -> str:
    people = [mention(words, p) for p in around.coordinators if p.slack_id]
    return words("help.stranger", who=words.several(people)) if people else words("help.stranger-alone")
