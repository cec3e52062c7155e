"""`/tot hjelp`, `/tot` without a word, the choice of a team, and forms that are opened again."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.texts.words import Words
from bot.usecases.overview import HelpContext, help_context
from bot.usecases.ports import UnitOfWork, case_files
from bot.usecases.review import see_form
from handlers.blocks.context import Block
from handlers.blocks.elements import actions, button, context, lines, section, sections
from handlers.blocks.formatting import fit
from handlers.blocks.modal import notice
from handlers.blocks.people import mention
from handlers.involvement.messages import CHOICES, statement_text
from handlers.overview.home import HELP
from handlers.overview.home_model import HomeModel
from handlers.overview.waiting import list_of_asks
from handlers.slack.requests import ActionRequest, CommandRequest
from handlers.slack.resume import opened_again
from handlers.slack.vocabulary import Audience, Command, choose, rows_of

#: The words shown to a coordinator, and to others. The rest is behind «Alt du kan».
_COORDINATORS = ("gather", "meeting", "invite", "attendance", "actions", "close", "roster", "help")
_OTHERS = ("gather", "guidance", "roster", "help")
#: The help itself, and what `gather` does too, by the time that is typed and by who types it.
_UNLISTED = {"help", "acute", "case", "convene"}
#: The words that are buttons outside a case's room, by whether the person coordinates a team.
_BUTTONS = {True: ("gather", "roster"), False: ("convene", "guidance", "roster")}


async def help(request: CommandRequest) -> None:
    """See the words needed most, and whom to ring; a button shows everything, by role."""
    around = await request.look(help_context, request.channel)
    await _answer(request, around)


async def help_by_button(request: ActionRequest) -> None:
    """See all that one can do, by role."""
    around = await request.look(help_context, None)
    await request.open(notice(request.words, *all_help(request.words, request.services.commands, around)))


async def here(request: CommandRequest) -> None:
    """Answer with what waits for the person, and the buttons of the help; to a coordinator, with the help."""
    words = request.words
    around, files = await request.look(_see_here, request.channel)
    waits = list_of_asks(HomeModel(request.visitor.person, files, words=words, now=request.now))
    if around.coordinates or not (waits or around.contact):
        await _answer(request, around)
        return
    said = waits or [[section(words("home.nothing-waiting"))]]
    rest = actions(*help_buttons(words, around, request.channel))
    foot = context(lines(words("help.more"), words("said.emergency")))
    await request.answer(words("help.more"), fit(words, [said, [[rest, foot]]]))


def _see_here(uow: UnitOfWork, actor: Person, channel_id: str) -> tuple[HelpContext, list[CaseFile]]:
    """Return what is around and, except for a coordinator, the cases in which they are asked or take part."""
    around = help_context(uow, actor, channel_id)
    return around, [] if around.coordinates else [*case_files(uow, uow.cases_with(actor.id))]


async def _answer(request: CommandRequest, around: HelpContext) -> None:
    """Answer with the alarm and the buttons first, so that a phone shows them, then the words."""
    words, commands = request.words, request.services.commands
    first, *rest = short_help(words, commands, around)
    elements = help_buttons(words, around, request.channel)
    blocks = [*sections(first), actions(*elements), *sections("\n".join(rest))]
    await request.answer("\n".join((first, *rest)), blocks)


def help_buttons(words: Words, around: HelpContext, channel: str) -> list[Block]:
    """«Valg» in a case's room; elsewhere the words that need no room."""
    found = [button(words("press.choices"), CHOICES, around.case_id, primary=True)] if around.case_id else []
    keys = () if around.case_id else _BUTTONS[around.coordinates]
    found += [choose(words, key, channel) for key in keys]
    return [*found, button(words("press.all-help"), HELP, "help")]


def short_help(words: Words, commands: Sequence[Command], around: HelpContext) -> list[str]:
    """The short help, at most 150 words with the buttons for anybody; whom to ring comes first."""
    by_key = {command.key: command for command in commands}
    shown = [_line(words, by_key[key]) for key in (_COORDINATORS if around.coordinates else _OTHERS)]
    if around.coordinates:
        return [words("said.emergency"), *shown, words("help.room-elsewhere"), words("help.never")]
    return [
        words("said.emergency"),
        words("help.contact") if around.contact else _stranger(words, around),
        *shown,
        words("help.never"),
        _line(words, by_key["access"]),
    ]


def all_help(words: Words, commands: Sequence[Command], around: HelpContext) -> list[str]:
    """Lines by role; a role that the person does not have is not shown."""

    def listed(audience: Audience) -> list[str]:
        shown = (c for c in commands if c.audience is audience and c.key not in _UNLISTED)
        room = audience is Audience.ROOM
        return [_line(words, c) for c in shown if not room or rows_of(c.may)[0] in around.in_rooms]

    parts = [[words("said.emergency")]]
    if around.coordinates:
        parts.append([words("help.coordinator"), *listed(Audience.COORDINATOR)])
    if around.contact:
        parts.append([words("help.contact")])
    if in_rooms := listed(Audience.ROOM):
        parts.append([words("help.own-rooms"), *in_rooms])
    if around.coordinates or around.contact:
        parts.append([words("help.agency"), *listed(Audience.CONTACT)])
    else:
        parts.append([_stranger(words, around)])
    parts += [words("help.everyone"), *listed(Audience.ANYONE)], [words("help.never")]
    if around.coordinates or around.contact or around.in_rooms:
        # Each team's whole statement of confidentiality: people can reread what they confirmed.
        parts += [[text] for text in dict.fromkeys(statement_text(words, team) for team in around.teams)]
    return [line for part in parts for line in (*part, "")][:-1]


def _line(words: Words, command: Command) -> str:
    """A word and what it does."""
    return f"• `/tot {command.shown(words)}` – {words(f'command.{command.key}')}"


def _stranger(words: Words, around: HelpContext) -> str:
    people = [mention(words, p) for p in around.coordinators if p.slack_id]
    return words("help.stranger", who=words.several(people) if people else words("said.coordinator"))


async def resume(request: ActionRequest) -> None:
    """Open a form again as it was filled in, after it failed or was left unsent."""
    form = await request.look(see_form, request.value)
    await request.open(opened_again(request.words, request.value, form))
