"""Lines about people, times and places, as every form shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.calendar.entry import gets_mail
from bot.domain.case.entities import Ask, Duty, Involvement
from bot.domain.case.file import CaseFile
from bot.domain.deputies import said_no
from bot.domain.directory.entities import Agency, Contact, Person
from bot.domain.duty_phone import on_duty
from bot.domain.worktime import is_working_day
from bot.texts.words import Words
from bot.usecases.involvement.summons import AskPreview, Chosen
from bot.usecases.validation import MeetingPlan, Warn
from handlers.blocks.context import escape
from handlers.blocks.elements import quoted
from handlers.blocks.formatting import MeetingTimes, where
from handlers.blocks.inputs import Choice

P = TypeVar("P", Involvement, Duty)


def span(words: Words, meeting: MeetingTimes, zone: ZoneInfo) -> str:
    """Return a meeting's times: «i morgen kl. 10–11», «tirsdag 1. desember kl. 10–11»."""
    return f"{words.soon(meeting.starts_at, zone)}–{words.spoken(meeting.ends_at, zone)}"


def when_and_where(words: Words, plan: MeetingPlan, zone: ZoneInfo, now: datetime) -> list[str]:
    """Return a planned meeting for its review: when, how far off that is, where, the agenda as written."""
    when = words.span(plan.starts_at, plan.ends_at, zone)
    agenda = [words("modal.review.agenda"), quoted(plan.note)] if plan.note else []
    return [f"{when} ({words.how_far(plan.starts_at, now, zone)})", where(words, plan), *agenda]


def mention(words: Words, person: Person | None, title: str = "") -> str:
    """Name a person: by mention if on Slack, and by title in the agency."""
    name = escape(title)
    if person is None or person.slack_id is None:
        return name or words("person.unknown")
    return f"<@{person.slack_id}> ({name})" if name else f"<@{person.slack_id}>"


def whom_to_write(words: Words, persons: Mapping[str, Person], coordinators: Iterable[str]) -> str:
    """Name the coordinators, by id, to whom one can write: «A eller B»; only the role if none is left."""
    there = (person for id in coordinators if (person := persons.get(id)) is not None and person.on_slack)
    return words.either(mention(words, person) for person in there) or words("said.coordinator")


def away(words: Words, contact: Contact, today: date) -> str:
    """Return «borte til og med fredag 4. desember», also for an absence ahead; empty if there is none."""
    if contact.away_until is None or contact.away_until < today:
        return ""
    last = words.day(contact.away_until)
    if contact.away_from is not None and contact.away_from > today:
        return words("modal.agency.away-from", first=words.day(contact.away_from), last=last)
    return words("modal.agency.away-until", last=last)


def human(words: Words, file: CaseFile, person_id: str, agency: Agency) -> str:
    """Name a person of a case, with the title that they have in this agency, and in no other."""
    title = next((c.title for c in file.contacts_of(agency.id) if c.person_id == person_id), "")
    return mention(words, file.persons.get(person_id), title)


def by_agency(file: CaseFile, parts: Iterable[P]) -> list[P]:
    """Sort parts in a case, or duties, by the agencies' shown names."""
    return sorted(parts, key=lambda part: _agency_name(file, part).casefold())


def _agency_name(file: CaseFile, part: Involvement | Duty) -> str:
    return file.agency_of(part.involvement_id if isinstance(part, Duty) else part.id).shown_name


def agency_names(words: Words, file: CaseFile, parts: Iterable[P]) -> str:
    """The agencies of parts or duties by their shown names, escaped; empty for none."""
    return words.several(escape(_agency_name(file, part)) for part in by_agency(file, parts))


def agency_choices(file: CaseFile, parts: Iterable[Involvement | Duty]) -> list[Choice]:
    """Each part or duty by its id, with the agency's shown name."""
    return [(part.id, _agency_name(file, part)) for part in parts]


def in_agency(words: Words, file: CaseFile, agency: Agency, person_id: str) -> str:
    """Return «politiet: @x», with nothing about who is behind a cover name."""
    reached = file.on_slack(person_id) or gets_mail(file, person_id)
    if agency.reached_by_coordinator or not reached:
        return _by_you(words, file, agency, person_id)
    key = "modal.told.slack" if file.on_slack(person_id) else "modal.told.by-mail"
    return words(key, agency=escape(agency.shown_name), who=human(words, file, person_id, agency))


def _by_you(words: Words, file: CaseFile, agency: Agency, person_id: str) -> str:
    """Name a person whom a coordinator has to ring, with nothing about who is behind a cover name."""
    name, number = escape(agency.shown_name), _number(agency)
    if agency.reached_by_coordinator:
        return f"• {name}{number}."
    who = human(words, file, person_id, agency)
    return words("modal.told.by-you", agency=name, who=who, number=number)


def to_be_rung(words: Words, file: CaseFile, ask: Ask) -> str:
    """Name a person to whom a coordinator has to tell a new time; say why, if Slack asks them as well.

    If another person on duty answered the phone, it is that person who knows the old time.
    """
    agency = file.agency_of_ask(ask)
    if agency.reached_by_coordinator or not file.on_slack(ask.person_id):
        return _by_you(words, file, agency, ask.person_id)
    spoken = on_duty(file, file.duty(ask.duty_id))
    who = words(f"on-duty.{spoken.function}") if spoken else human(words, file, ask.person_id, agency)
    name = escape(agency.shown_name)
    return words("modal.told.knows-old-time", agency=name, who=who, number=_number(agency))


def will_be_told(words: Words, told: AskPreview) -> str:
    """Say for one agency which human will now be told, or that the coordinator has to ring."""
    agency = escape(told.agency.shown_name)
    if told.contact is None:
        return words("modal.told.nobody", agency=agency)
    if told.agency.reached_by_coordinator:
        return f"• {agency}{_number(told.agency)}."
    about = _last_reached(words, told) if told.unlisted is None else _unlisted(words, told.unlisted)
    who = f"{mention(words, told.person, told.contact.title)}{about}"
    if told.by_coordinator:
        own = told.unlisted.line if told.unlisted is not None else ""
        return words("modal.told.by-you", agency=agency, who=who, number="" if own else _number(told.agency))
    key = "modal.told.slack" if told.within_hours else "modal.told.out-of-hours"
    return words(key, agency=agency, who=who)


def _number(agency: Agency) -> str:
    """Return the duty line, to follow who has to be rung; nothing if there is none."""
    return f": {escape(agency.duty_line)}" if agency.duty_line else ""


def _unlisted(words: Words, chosen: Chosen) -> str:
    """Return mail and number as typed, and that no list has the person; an account is mentioned anyway."""
    reached = [escape(each) for each in (chosen.work_mail, chosen.line) if each]
    return " · ".join(("", *reached, words("said.unlisted")))


def sent_to(words: Words, file: CaseFile) -> str:
    """Say after calling how many agencies are told here, and each that has to be rung, with its number."""
    asked = [i for i in file.involvements if i.ended_at is None and i.asked_at is not None]
    reached = {i.id for i in asked for s in file.seats_for(i.id) if file.reaches(s)}
    to_ring = [file.agency_of(i.id) for i in asked if i.id not in reached]
    said = [words.count("modal.sent-to", len(reached))] if reached else []
    said += [words("modal.sent-ring", agency=f"{escape(a.shown_name)}{_number(a)}") for a in to_ring]
    return " ".join(said)


def _last_reached(words: Words, told: AskPreview) -> str:
    """Say when a drill last reached the person; nothing if the team has never held a drill.

    For a person who is rung anyway it is not said that no drill has reached them: perhaps none could.
    """
    if not told.drilled or told.contact is None:
        return ""
    last = told.contact.last_reached
    if last is None:
        return "" if told.by_coordinator else f" · {words('said.never-reached')}"
    return f" · {words('said.last-reached', month=words.month(last))}"


def warned(words: Words, warnings: Iterable[Warn]) -> list[str]:
    return [words(f"warn.{each}") for each in warnings]


def day_off(words: Words, day: date) -> list[str]:
    """Return the warning about a day on which offices are closed."""
    return [] if is_working_day(day) else warned(words, [Warn.DAY_OFF])


def numbered(words: Words, people: Sequence[tuple[Contact, Person | None]]) -> tuple[list[str], list[Choice]]:
    """Return people to choose between: numbered lines with mentions, and options, which cannot hold any.

    A person who is not on Slack has no line, because they cannot be mentioned. If there are no lines, options
    are numbered only if two are equal.
    """
    labels = [contact.title or words("modal.contact") for contact, _ in people]
    lines = [
        f"{number}. {mention(words, person, contact.title)}"
        for number, (contact, person) in enumerate(people, start=1)
        if person is not None and person.on_slack
    ]
    if lines or len(set(labels)) < len(labels):
        labels = [f"{number}. {label}" for number, label in enumerate(labels, start=1)]
    return lines, [(contact.id, label) for (contact, _), label in zip(people, labels, strict=True)]


def colleagues(words: Words, file: CaseFile, contacts: Sequence[Contact]) -> tuple[list[str], list[Choice]]:
    """As `numbered`, marking who has said no. A sheltering agency's people have neither name nor title."""
    people: list[tuple[Contact, Person | None]] = []
    for contact in contacts:
        if file.agencies[contact.agency_id].reached_by_coordinator:
            people.append((replace(contact, title=""), None))
        else:
            people.append((contact, file.persons.get(contact.person_id)))
    lines, choices = numbered(words, people)
    no = {contact.id for contact in contacts if said_no(file, contact)}
    return lines, [
        (id, words("person.said-no", person=label) if id in no else label) for id, label in choices
    ]
