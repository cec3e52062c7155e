"""Forms that keep an agency and its contacts, and change coordinators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.case.entities import Ask
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, AgencyKind, Contact, Hours, Person, Team
from bot.texts.words import Words
from bot.usecases.directory.agencies import CAN, NAME, Sheet, Tick
from bot.usecases.involvement.summons import TITLE
from handlers.answers.messages import NAME_DEPUTY
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import VIEW_BLOCKS, ActionId, actions, button, lines, section
from handlers.blocks.formatting import duty_line
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import Blocks, View, done_notice, field, form, line_blocks
from handlers.blocks.people import away, mention
from handlers.deputies.modals import which

ABSENCE = ActionId("absence", "contact")
NEW_AGENCY = ActionId("new_agency", "team")
CONTACT = ActionId("contact", "agency and contact, parted by `|`; no contact for a new one")
DUTY_LINE = ActionId("duty_line", "agency")
_LONGEST_LINE = 30
#: The contacts that a form has room for, beside what stands above and below them.
_MOST_CONTACTS = VIEW_BLOCKS - 3


@form("choose_agency", heading="field.agency", submit="modal.next")
def choose_agency(
    words: Words, agencies: Sequence[Agency], own: Sequence[Contact], teams: Sequence[Team]
) -> Blocks:
    """Choose an agency; a contact can also say that they are away, a coordinator can add an agency."""
    key = "modal.new-agency.in" if len(teams) > 1 else "modal.new-agency.title"
    yield from (actions(button(words("modal.agency.own-absence"), ABSENCE, each.id)) for each in own[:1])
    yield from (actions(button(words(key, team=team.name), NEW_AGENCY, team.id)) for team in teams)
    choices = [(a.id, a.shown_name) for a in agencies]
    if choices:
        yield field(words, "agency", "modal.agency.choose", inputs.select(choices, choices[0][0]))
    return "" if choices else None


@form("new_agency", "team", submit="modal.save")
def new_agency_form(words: Words, team: Team) -> Blocks:
    core = [(Tick.CORE, words("field.agency.core"))]
    kinds = inputs.select(choices_of(words, "agency-kind", AgencyKind))
    yield field(words, "kind", "field.agency.kind", kinds)
    yield field(words, "name", "field.agency.name", inputs.writing(NAME), hint=True)
    yield _duty_line(words, "", words("field.duty-line.hint"))
    yield field(words, "can", "field.agency.can", inputs.writing(CAN), optional=True)
    yield field(words, "more", "press.more", inputs.ticks(core), optional=True)
    return team.id


@form("agency", "agency", heading="field.agency", submit=None)
def agency_form(words: Words, sheet: Sheet) -> Blocks:
    agency, contacts = sheet.agency, sheet.contacts
    yield section(lines(f"*{escape(agency.shown_name)}*", duty_line(words, agency)))
    yield section(words("modal.agency.order" if contacts else "modal.agency.nobody"))
    for number, each in enumerate(contacts[:_MOST_CONTACTS], start=1):
        change = button(words("press.change-contact"), CONTACT, f"{agency.id}|{each.id}")
        yield section(_row(words, sheet, number, each), change)
    yield actions(
        button(words("press.new-contact"), CONTACT, f"{agency.id}|"),
        button(words("press.keep-line"), DUTY_LINE, agency.id),
    )
    return None


def _who(words: Words, sheet: Sheet, contact: Contact) -> str:
    """The contact; a sheltering agency's has only a number, since a name or a title would tell the place."""
    if sheet.agency.reached_by_coordinator:
        return words("modal.contact")
    person = sheet.persons.get(contact.person_id)
    if person is not None and person.slack_id is None and not contact.title:
        return escape(person.work_mail or words("person.unknown"))
    return mention(words, person, contact.title)


def _row(words: Words, sheet: Sheet, n: int, contact: Contact) -> str:
    row = f"{n}. {_who(words, sheet, contact)}, {words(f'hours.{contact.hours}')}"
    more = []
    if contact.leader:
        more.append(words("on-duty.leader"))
    if contact.waits:
        more.append(words("modal.agency.waits"))
    return ", ".join(filter(None, [row, *more, away(words, contact, sheet.today)]))


@form("duty_line", "agency", heading="field.duty-line", submit="modal.save")
def duty_line_form(words: Words, sheet: Sheet) -> Blocks:
    hint = f"{words('field.duty-line.hint')} {words('field.duty-line.empty')}"
    yield _duty_line(words, sheet.agency.duty_line or "", hint)
    return sheet.agency.id


def _duty_line(words: Words, line: str, hint: str) -> Block:
    number = inputs.line(line, _LONGEST_LINE)
    return field(words, "duty_line", "field.duty-line", number, hint=hint, optional=True)


@form("contact", "agency and contact, parted by `|`", submit="modal.save")
def contact_form(words: Words, sheet: Sheet, contact: Contact | None) -> Blocks:
    """Keep a contact; a new one is a colleague in Slack, or only a work mail."""
    agency = escape(sheet.agency.shown_name)
    if contact is not None:
        top = [section(f"*{agency}:* {_who(words, sheet, contact)}")]
    else:
        top = _new(words, agency, approves=sheet.approves)
    options = [(Tick.LEADER, words("field.contact.leader"))]
    if contact is not None and sheet.may_take_out:
        options.append((Tick.RETIRE, words("field.contact.retire")))
    chosen = [Tick.LEADER] if contact is not None and contact.leader else []
    hours = contact.hours if contact is not None else Hours.ALWAYS
    position = contact.position if contact is not None else len(sheet.contacts) + 1
    title = inputs.writing(TITLE, contact.title if contact is not None else "")
    hint = words("field.contact.name-hint")
    yield from top
    yield field(words, "title", "field.contact.name", title, hint=hint, optional=True)
    yield field(words, "position", "field.contact.position", inputs.number(max(position, 1), 1, 99))
    yield field(words, "hours", "field.contact.hours", inputs.radio(choices_of(words, "hours", Hours), hours))
    yield from _absence(words, sheet.today, contact)
    yield field(words, "more", "press.more", inputs.ticks(options, chosen), optional=True)
    return f"{sheet.agency.id}|{contact.id if contact is not None else ''}"


def _new(words: Words, agency: str, *, approves: bool) -> list[Block]:
    waits = [] if approves else [section(words("modal.contact.must-wait"))]
    hint = words("field.contact.mail-hint")
    return [
        section(words("modal.contact.new", agency=agency)),
        *waits,
        field(words, "person", "field.contact.person", inputs.someone(), optional=True),
        field(words, "work_mail", "field.contact.mail", inputs.mail(), hint=hint, optional=True),
    ]


def _absence(words: Words, today: date, contact: Contact | None) -> list[Block]:
    """The fields of an absence; a past one is no longer filled in."""
    stands = contact is not None and contact.away_until is not None and contact.away_until >= today
    first = contact.away_from if contact is not None and stands else None
    last = contact.away_until if contact is not None and stands else None
    return [
        field(words, "away_from", "field.away-from", inputs.day(first), hint=True, optional=True),
        field(words, "away_until", "field.away-until", inputs.day(last), hint=True, optional=True),
    ]


@form("absence", "contact", heading="modal.agency.own-absence", submit="modal.save")
def absence(words: Words, contact: Contact, today: date) -> Blocks:
    """Keep one's own absence."""
    yield section(words("modal.absence.intro"))
    yield from _absence(words, today, contact)
    return contact.id


def absence_receipt(words: Words, last: date | None, meetings: Sequence[tuple[CaseFile, Ask]]) -> View | str:
    """Say that it is saved; of an absence, which meetings fall in it, each with the button for a deputy."""
    saved = words("modal.absence.saved", last=words.day(last)) if last is not None else words("modal.saved")
    if not meetings:
        return saved
    view = done_notice(words, f"{saved} {words('modal.absence.fall')}", clears=True)
    label = words("command.deputy.choice")
    view["blocks"] += [
        section(escape(which(words, file, ask)), button(label, NAME_DEPUTY, ask.id))
        for file, ask in meetings[: VIEW_BLOCKS - 1]
    ]
    return view


COORDINATORS_OF = ActionId("coordinators_of", "team, with a bar")


@form("appoint", "team", heading="command.coordinator.choice", submit="modal.save")
def coordinators_form(words: Words, team: Team, coordinators: list[Person]) -> Blocks:
    """See, appoint and relieve coordinators."""
    yield from line_blocks(
        words("modal.coordinators.now", team=escape(team.name)),
        *(f"• {mention(words, p)}" for p in coordinators),
    )
    yield field(words, "appoint", "field.appoint", inputs.someone(), hint=True, optional=True)
    yield field(words, "relieve", "field.relieve", inputs.someone(), hint=True, optional=True)
    return team.id
