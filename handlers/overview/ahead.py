"""`/tot` for somebody who is asked or takes part: what waits for them first, with its buttons."""

from __future__ import annotations

from datetime import datetime

from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.texts.words import Words
from bot.usecases.ports import UnitOfWork
from handlers.answers.messages import answer_word, answering, arrival
from handlers.blocks import formatting
from handlers.blocks.context import Block, RenderContext
from handlers.blocks.elements import actions, button, context, lines, section
from handlers.involvement.messages import CHOICES
from handlers.overview.home import HELP, one_waiting
from handlers.overview.home_model import Appointment, HomeModel

#: The most buttons that somebody reads at once.
MOST_BUTTONS = 3

Ahead = tuple[Person, list[CaseFile]]


def see_ahead(uow: UnitOfWork, actor: Person) -> Ahead:
    """The cases in which the person is asked or takes part."""
    files = (uow.case_file(id) for id in uow.cases_with(actor.id))
    return actor, [file for file in files if file is not None]


def what_waits(words: Words, now: datetime, ahead: Ahead) -> list[Block]:
    """The first question that waits for an answer; otherwise the next meeting, and its answer to change."""
    person, files = ahead
    model = HomeModel(person, files, words=words, now=now)
    for file, item in model.waiting[:1]:
        return one_waiting(model.seen(file), item)
    return [block for each in model.meetings[:1] for block in _meeting(model.seen(each.file), each)]


def _meeting(ctx: RenderContext, each: Appointment) -> list[Block]:
    """«Møte i dag kl. 10:15. Du kommer. #rom», and the buttons of the answer."""
    words, ask, person = ctx.words, each.ask, ctx.recipient
    state = "there" if arrival(ctx, each.meeting) else answer_word(ask) if ask is not None else "liaison"
    room = formatting.room(ctx, person.id) if person is not None else None
    said = words(
        "help.ahead",
        when=words.by(each.meeting.starts_at, ctx.zone),
        state=words(f"help.ahead-{state}"),
        room=room or "",
    )
    changes = answering(ctx, ask, each.meeting)[1:] if ask is not None else []
    return [section(said.strip()), *changes]


def with_the_rest(words: Words, waits: list[Block], case_id: str | None) -> list[Block]:
    """Show what waits, or that nothing does; the rest is behind «Valg», or outside a room behind help."""
    said = waits or [section(words("home.nothing-waiting"))]
    has: list[Block] = next((block["elements"] for block in said if block["type"] == "actions"), [])
    rest = button(words("press.help"), HELP, "help")
    if case_id is not None:
        rest = button(words("press.choices"), CHOICES, case_id)
    if not has:
        said = [*said, actions(rest)]
    elif len(has) < MOST_BUTTONS:
        said = [actions(*has, rest) if block["type"] == "actions" else block for block in said]
    return [*said, context(lines(words("help.more"), words("help.alarm")))]
