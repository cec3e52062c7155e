"""What several messages say: who, when, where, which room. Every name and place comes out escaped.

A sheltering agency is never more than its cover name: its people are neither mentioned nor given
their title, since a profile name, a title or a mail domain would tell what place it is.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.actions import open_actions
from bot.domain.calendar.entry import may_mail
from bot.domain.case.entities import Ask, Involvement, Meeting, Seat
from bot.domain.case.file import CaseFile, Standing
from bot.domain.case.persons import folded
from bot.domain.directory.entities import Agency
from bot.domain.overview.missing import Lack, Missing
from bot.texts.words import Words
from handlers.blocks import quorum
from handlers.blocks.context import Block, Message, Scene, escape
from handlers.blocks.elements import lines, section


def for_coordinator(scene: Scene) -> bool:
    """Whether the reader is a coordinator who has confirmed taushetsplikt for this case."""
    return scene.recipient is not None and scene.recipient.id in scene.file.confirmed_coordinators()


def meeting_of(scene: Scene, id: str) -> Meeting | None:
    """The meeting, if it is of this case."""
    return next((m for m in scene.file.meetings if m.id == id), None)


def involvement_of(scene: Scene, id: str | None) -> Involvement | None:
    """The involvement, if it is of this case."""
    return next((i for i in scene.file.involvements if i.id == id), None)


def team(scene: Scene) -> str:
    """The team's name."""
    return escape(scene.file.team.name)


def code(scene: Scene) -> str:
    """The case's code."""
    return escape(scene.file.case.code)


def coordinator(scene: Scene) -> str:
    """The one to turn to: who opened the case if they still coordinate it, else another who does."""
    file = scene.file
    confirmed = file.confirmed_coordinators()
    others = [c.person_id for c in file.coordinators if c.until is None]
    first = [p for p in confirmed if p == file.case.opened_by]
    person_id = next(iter([*first, *confirmed, *others]), None)
    return mention(file, person_id) or scene.words("said.coordinator")


def coordinators(scene: Scene) -> str:
    """Everyone who coordinates the case."""
    people = [mention(scene.file, p) for p in scene.file.confirmed_coordinators()]
    named = [p for p in people if p]
    return scene.words.several(named) if named else scene.words("said.coordinator")


def mention(file: CaseFile, person_id: str | None) -> str | None:
    """A person on Slack, unless they are only known as a sheltering agency's."""
    person = file.persons.get(person_id) if person_id else None
    if person is None or person.slack_id is None or _shelters(file, person.id):
        return None
    return f"<@{person.slack_id}>"


def _shelters(file: CaseFile, person_id: str) -> bool:
    roles = [file.agencies[c.agency_id] for c in file.contacts if c.person_id == person_id]
    sheltering = bool(roles) and all(agency.reached_by_coordinator for agency in roles)
    return sheltering and not file.coordinates(person_id)


def contact(scene: Scene, person_id: str, agency: Agency) -> str:
    """Somebody of an agency: a mention, else their title there, else that they are its contact."""
    file = scene.file
    if not agency.reached_by_coordinator:
        mentioned = mention(file, person_id)
        if mentioned is not None:
            return mentioned
        roles = (c for c in file.contacts if c.person_id == person_id and c.agency_id == agency.id)
        title = next((c.title for c in roles if c.title), "")
        if title:
            return escape(title)
    return scene.words("person.contact-of", agency=scene.agency(agency))


def asked_one(scene: Scene, ask: Ask) -> str:
    """The person of an ask."""
    return contact(scene, ask.person_id, scene.file.agency_of_ask(ask))


def when(scene: Scene, meeting: Meeting) -> str:
    """When a meeting begins, in words."""
    return scene.words.when(meeting.starts_at, scene.zone)


def span(scene: Scene, meeting: Meeting) -> str:
    """When a meeting begins and ends."""
    return f"{when(scene, meeting)}–{scene.words.clock(meeting.ends_at, scene.zone)}"


def where(scene: Scene, meeting: Meeting) -> str:
    """Where a meeting is: a place, a link to join by, or both."""
    both = [escape(meeting.place)] if meeting.place else []
    if meeting.link:
        target = escape(meeting.link).replace("|", "%7C")
        both.append(f"<{target}|{scene.words('said.video')}>")
    return " · ".join(both) or scene.words("said.nowhere")


def where_for_now(scene: Scene, meeting: Meeting) -> str:
    """The same to somebody who has not confirmed taushetsplikt: no link, which would let them in."""
    both = [escape(meeting.place)] if meeting.place else []
    if meeting.link:
        both.append(scene.words("said.video-later"))
    return " · ".join(both) or scene.words("said.nowhere")


def occasion(scene: Scene, meeting: Meeting, *, confirmed: bool = True) -> str:
    """When and where, on two lines."""
    place = where(scene, meeting) if confirmed else where_for_now(scene, meeting)
    return lines(scene.words("said.when", when=span(scene, meeting)), scene.words("said.where", where=place))


def agenda(scene: Scene, meeting: Meeting) -> str | None:
    """First the open actions, if it is the next meeting; then the meeting's note.

    The note is a quotation, so that no line of it can pass for the bot's own.
    """
    comes_next = scene.file.next_meeting(scene.now) == meeting
    first = scene.words("said.actions-first") if comes_next and open_actions(scene.file) else None
    quoted = "\n".join(f"> {line}" for line in escape(meeting.note.strip()).splitlines())
    return lines(first, scene.words("said.agenda", note=quoted) if quoted else None) or None


def room(scene: Scene, person_id: str) -> str | None:
    """The room as a link, if it is there and the person belongs in it."""
    channel = scene.file.room.channel_id
    return f"<#{channel}>" if channel and person_id in scene.file.room_people() else None


def reason(words: Words, ask: Ask) -> str:
    """Why somebody has declined; a forfall in the calendar has no reason yet."""
    return words(f"decline.{ask.reason}") if ask.reason else words("mail.no-reason")


def told_by_mail(file: CaseFile, person_id: str | None) -> bool:
    """Whether the calendar of this person (of anybody) in the case was told by mail, and is told again."""
    known = (file.asked(e.about) for e in file.entries)
    return any(
        asked is not None and person_id in (None, asked.person_id) and may_mail(file, asked)
        for asked in known
    )


def duty_line(scene: Scene, agency: Agency) -> str:
    """The number to ring."""
    if not agency.duty_line:
        return scene.words("said.no-line")
    return scene.words("said.duty-line", line=escape(agency.duty_line))


def seat_to_confirm(scene: Scene, ask: Ask) -> Seat | None:
    """The seat for which the one asked has yet to confirm taushetsplikt."""
    involvement_id = scene.file.duty(ask.duty_id).involvement_id
    seats = scene.file.seats_of(ask.person_id)
    return next((s for s in seats if s.involvement_id == involvement_id and not s.confirmed), None)


def lack(words: Words, file: CaseFile, missing: Lack) -> str:
    """One thing that a case lacks, as a sentence; also for the forms that list them."""
    agency = file.agency_of(missing.involvement_id).shown_name if missing.involvement_id else ""
    least = quorum.least(words, file.team.rules.quorum)
    if missing.what is Missing.COORDINATOR_UNCONFIRMED:
        people = [mention(file, person_id) for person_id in file.unconfirmed_coordinators()]
        if all(people):
            return words("said.unconfirmed-coordinators", coordinators=words.several(filter(None, people)))
    return words(f"missing.{missing.what}", agency=escape(agency), least=least)


def outside_the_room(file: CaseFile) -> list[Involvement]:
    """The agencies that are in the case, taushetsplikt confirmed, and of which nobody reads the room."""
    inside = file.room_people()
    return [
        i
        for i in file.current()
        if file.standing(i) is Standing.ACTIVE
        and not any(s.person_id in inside for s in file.seats_for(i.id))
    ]


def names(scene: Scene, parts: Iterable[Involvement]) -> str:
    """Their agencies, by the names that may be shown."""
    return scene.words.several(scene.agency(scene.file.agency_of(part.id)) for part in parts)


def short_message(short: str, text: str, *more: Block) -> Message:
    return Message(short, [section(text), *more])


def is_about_case(scene: Scene) -> bool:
    return scene.intent.subject == scene.file.case.id


def way_to_room(scene: Scene) -> str | None:
    found = room(scene, scene.recipient.id) if scene.recipient is not None else None
    return scene.words("said.room", room=found) if found else None


def listed(words: Words, letters: str) -> str:
    """«A, B og D», «A–G»."""
    return words.several(folded(letters))


def persons_line(scene: Scene) -> str:
    """Whom the case is about, and for whom it is over since when."""
    words, file = scene.words, scene.file
    still = file.open_letters
    closed = [
        words(
            "persons.closed-on",
            person=c.letter,
            day=words.day(c.closed_at.astimezone(scene.zone).date()),
        )
        for c in sorted(file.closed_persons, key=lambda c: c.letter)
    ]
    return lines(
        words.count("card.persons", len(still), persons=listed(words, still)),
        words("persons.closed", persons=words.several(closed)) if closed else None,
    )
