"""In Home: what my agencies have agreed to do; for a coordinator, what nobody has taken and what is open."""

from __future__ import annotations

from datetime import datetime

from bot.domain.agreed import open_actions, parts_of, unowned
from bot.domain.case_file import CaseFile
from bot.texts import Words
from handlers.blocks import agreed
from handlers.blocks.elements import button, context, header, lines, section
from handlers.blocks.home_model import HomeModel
from handlers.blocks.scene import Block, escape
from handlers.ids import ActionId

#: Actions with a row of their own, of the 100 blocks of a view.
MOST_ACTIONS = 8


def mine(model: HomeModel) -> list[Block]:
    """The open actions of the agencies for which the person has a seat, the first due first."""
    words = model.words
    found = [
        (file, action)
        for file in model.cases
        for action in open_actions(file)
        if action.involvement_id in {i.id for i in parts_of(file, model.person.id)}
    ]
    if not found:
        return []
    found.sort(key=lambda each: (each[1].due_on, each[1].id))
    shown = [
        section(
            words(
                "home.action",
                code=escape(file.case.code),
                what=agreed.line(words, file, action, model.now),
            ),
            accessory=button(words("press.action-done"), ActionId.ACTION_DONE, action.id),
        )
        for file, action in found[:MOST_ACTIONS]
    ]
    left = len(found) - len(shown)
    more = [context(words.count("said.more", left))] if left else []
    return [header(words("home.actions")), *shown, *more]


def of_case(words: Words, file: CaseFile, now: datetime) -> str | None:
    """A coordinator's lines of one case: in red what nobody has taken, and how much is open."""
    nobodys = [escape(agreed.need(words, n.need)) for n in unowned(file)]
    red = words("home.nobody", needs=words.several(nobodys)) if nobodys else None
    return lines(red, agreed.how_many(words, file, now, "home.open")) or None
