"""Forms for actions and needs: agree, review, end; which needs a case has, and their owners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.actions import (
    agreeable_parts,
    likely_due,
    may_take_over,
    needs_in_order,
    open_actions,
    owner_of,
    parts_of,
)
from bot.domain.case.actions import CaseAction, Outcome
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile
from bot.domain.errors import Refusal, refuse
from bot.texts.words import Words
from bot.usecases.actions import REWORDED, WHAT_TO_DO, needs_of
from handlers.actions import messages as actions_messages
from handlers.blocks import inputs
from handlers.blocks.context import escape
from handlers.blocks.elements import VIEW_BLOCKS, actions, button, lines, section
from handlers.blocks.formatting import fit
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import (
    Blocks,
    View,
    done_notice,
    field,
    form,
    labelled,
)
from handlers.blocks.people import agency_choices, day_off
from handlers.slack.vocabulary import named

NOBODY = "nobody"


@form("action", "case", heading="command.actions.choice", submit="modal.save")
def agree_form(
    words: Words,
    file: CaseFile,
    now: datetime,
    *,
    reader: str,
    typed: str = "",
    need: str | None = None,
    due_on: date | None = None,
) -> Blocks:
    """Agree an action. It begins with the agency `typed` and the `need`; `due_on` replaces the usual day."""
    owners = agency_choices(file, agreeable_parts(file, reader))
    if not owners and reader in file.confirmed_coordinators():
        refuse(Refusal.NOTHING_HERE, "part", room=file.room.channel_id)
    if not owners:
        refuse(Refusal.NOTHING_HERE, "own-part")
    initial = owners[0][0] if len(owners) == 1 else named(typed, dict(owners))
    needs = [(each, actions_messages.need(words, each)) for each in needs_of(file)]
    written = inputs.writing(WHAT_TO_DO)
    yield field(words, "involvement", "field.action-owner", inputs.select(owners, initial))
    yield field(words, "need", "field.action-need", inputs.select(needs, need), optional=True)
    yield field(words, "text", "field.action-text", written, hint=True, optional=True)
    if file.case.persons > 1:
        letters = [(letter, letter) for letter in file.open_letters]
        concerned = file.involvement(initial).persons if initial else file.open_letters
        both = list(concerned) if len(letters) <= 2 else []
        yield field(words, "persons", "field.action-persons", inputs.ticks(letters, both))
    yield field(words, "due_on", "field.due-on", inputs.day(due_on or likely_due(file, now)))
    return file.case.id


@form("actions", "case", heading="press.actions", submit=None)
def actions_form(words: Words, file: CaseFile, *, reader: str, now: datetime) -> Blocks:
    """The open actions by agency, with buttons for those that the reader may end or change."""
    found, rows = open_actions(file), []
    own = {part.id for part in parts_of(file, reader)}
    coordinates = reader in file.confirmed_coordinators()
    if not found:
        yield section(words("modal.actions.none"))
    for involvement_id, theirs in actions_messages.by_owner(file, found).items():
        rows.append([section(actions_messages.owner(words, file, involvement_id))])
        may_end = coordinates or involvement_id in own
        for action in theirs:
            said = section(f"• {actions_messages.line(words, file, action, now)}")
            rows.append([said, *([actions_messages.ending(words, action)] if may_end else [])])
    yield from fit(words, [rows], VIEW_BLOCKS)
    return file.case.id


@form("end_action", "action", heading="press.end-action", submit="modal.save")
def end_form(words: Words, file: CaseFile, action: CaseAction, now: datetime) -> Blocks:
    ways = inputs.radio(choices_of(words, "outcome", Outcome))
    yield section(actions_messages.line(words, file, action, now))
    yield field(words, "outcome", "field.outcome", ways, hint=True)
    return action.id


@form("change_action", "action", submit="modal.save")
def change_form(words: Words, file: CaseFile, action: CaseAction, now: datetime, *, reader: str) -> Blocks:
    """Change an action's owner, day or text."""
    theirs = agreeable_parts(file, reader)
    parts = [i for i in theirs if i.id == action.involvement_id or may_take_over(file, action, i)]
    if not parts:
        refuse(Refusal.NOTHING_HERE, "owner")
    late = action.due_on < file.team.day_of(now)
    day = inputs.day(likely_due(file, now) if late else action.due_on)
    owners = inputs.select(agency_choices(file, parts), action.involvement_id)
    yield section(actions_messages.line(words, file, action, now))
    yield field(words, "involvement", "field.action-owner", owners)
    yield field(words, "due_on", "field.due-on", day, hint=words("modal.change-action.hint"))
    if action.need is None:
        written = inputs.writing(REWORDED, action.text)
        hint = words("modal.change-action.text-hint")
        yield field(words, "text", "field.action-text", written, hint=hint)
    return action.id


@form("needs", "case", heading="press.needs", submit="modal.next")
def needs_form(words: Words, file: CaseFile) -> Blocks:
    choices = [(need, actions_messages.need(words, need)) for need in needs_of(file)]
    noted = inputs.selects(choices, [n.need for n in file.needs])
    yield section(words("modal.needs.intro"))
    yield field(words, "needs", "press.needs", noted, optional=True)
    return file.case.id


@form("owners", "case; each field is named by need and owner", heading="press.needs", submit="modal.save")
def owners_form(words: Words, file: CaseFile, parts: Sequence[Involvement]) -> Blocks:
    """Choose the owner of each need of the case.

    A field is named by the need and the owner shown, so that nobody's newer change is overwritten.
    """
    owners = [(NOBODY, words("need-of.none")), *agency_choices(file, parts)]
    yield section(words("modal.owners.intro"))
    for need in needs_in_order(file)[:95]:
        part = owner_of(file, need)
        owner = part.id if part is not None else NOBODY
        shown = actions_messages.need(words, need.need)
        yield labelled(f"{need.id}:{owner}", shown, inputs.select(owners, owner))
    return file.case.id


def agreed_text(words: Words, file: CaseFile, action: CaseAction) -> str:
    """The receipt: whose action it is and when it is due, and whether offices are closed that day."""
    agency = escape(file.agency_of(action.involvement_id).shown_name)
    day = words.day(action.due_on)
    said = words("modal.action.agreed", agency=agency, day=day, code=escape(file.case.code))
    return lines(said, *day_off(words, action.due_on))


def after_needs(words: Words, file: CaseFile) -> View | str:
    """Ask who owns the needs; without any, say that this is saved."""
    return owners_form(words, file, list(file.current())) if file.needs else words("modal.saved")


def agreed_notice(words: Words, file: CaseFile, action: CaseAction) -> View:
    """The receipt, with a button to agree one more for the same day."""
    view = done_notice(words, agreed_text(words, file, action), clears=True)
    more = f"{file.case.id}|{action.due_on:%Y-%m-%d}"
    press = button(words("press.one-more"), actions_messages.AGREE_ACTION, more)
    return view | {"blocks": [*view["blocks"], actions(press)]}
