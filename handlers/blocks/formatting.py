"""Phrases that messages share: people, times, places, rooms. Every name and place is escaped.

A sheltering agency is shown only by its cover name: its people are neither mentioned nor given
their title, since a profile name, a title or a mail domain would tell what place it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.actions import open_actions
from bot.domain.answers import DutyState
from bot.domain.calendar.entry import may_mail
from bot.domain.case.entities import Ask, Involvement, Meeting, Seat
from bot.domain.case.file import CaseFile
from bot.domain.coordinating import in_charge, in_order
from bot.domain.directory.entities import Agency
from bot.domain.escalation import wanted_by
from bot.domain.joint import JointMeeting
from bot.domain.overview.missing import Missing, without_consent
from bot.texts.words import Words
from bot.usecases.validation import MeetingPlan
from handlers.blocks import quorum
from handlers.blocks.context import Block, Message, RenderContext, escape
from handlers.blocks.elements import MESSAGE_BLOCKS, context, header, lines, quoted, section

#: A meeting, planned or called.
MeetingTimes = Meeting | JointMeeting | MeetingPlan


def for_coordinator(ctx: RenderContext) -> bool:
    """Return whether the reader is a coordinator who has confirmed taushetsplikt for this case."""
    return ctx.recipient is not None and ctx.recipient.id in ctx.file.confirmed_coordinators()


def team(ctx: RenderContext) -> str:
    return escape(ctx.file.team.name)


def code(ctx: RenderContext) -> str:
    return escape(ctx.file.case.code)


def coordinator(ctx: RenderContext) -> str:
    """Return the coordinator to turn to: the one who has the case, otherwise another."""
    file = ctx.file
    others = [c.person_id for c in file.coordinators if c.until is None]
    people = [*in_order(file), *file.confirmed_coordinators(), *others]
    return mention_or_coordinator(ctx, next(iter(people), None))


def mention_or_coordinator(ctx: RenderContext, person_id: str | None) -> str:
    """Mention a person who leads; say «the coordinator» where they cannot be mentioned."""
    return mention(ctx.file, person_id) or ctx.words("said.coordinator")


def who_tells(ctx: RenderContext) -> str:
    """Return the same coordinator, who tells agencies what the bot does not; «deg» if that is the reader."""
    return ctx.words("said.you") if in_charge(ctx.file) == ctx.reader.id else coordinator(ctx)


def opener(ctx: RenderContext) -> str:
    """Return the coordinator whom somebody out of the case can ask; who has it later is not for them."""
    file, opened_by = ctx.file, ctx.file.case.opened_by
    asked = file.coordinates(opened_by) and file.on_slack(opened_by)
    return (mention(file, opened_by) if asked else None) or ctx.words("said.coordinator")


def coordinators(ctx: RenderContext) -> str:
    people = [mention(ctx.file, p) for p in ctx.file.confirmed_coordinators()]
    named = [p for p in people if p]
    return ctx.words.several(named) if named else ctx.words("said.coordinator")


def mention(file: CaseFile, person_id: str | None) -> str | None:
    """Return a mention of a person on Slack; None for one known only as a sheltering agency's."""
    person = file.persons.get(person_id) if person_id else None
    if person is None or person.slack_id is None or _shelters(file, person.id):
        return None
    return f"<@{person.slack_id}>"


def _shelters(file: CaseFile, person_id: str) -> bool:
    roles = [file.agencies[c.agency_id] for c in file.contacts if c.person_id == person_id]
    sheltering = bool(roles) and all(agency.reached_by_coordinator for agency in roles)
    return sheltering and not file.coordinates(person_id)


def contact(ctx: RenderContext, person_id: str, agency: Agency) -> str:
    """Name a person of an agency: by mention, otherwise by title, otherwise as the agency's contact."""
    known = _mention_or_title(ctx.file, person_id, agency)
    return known or ctx.words("person.contact-of", agency=ctx.agency(agency))


def contact_and_agency(ctx: RenderContext, person_id: str, agency: Agency) -> str:
    """Name a person of an agency, and the agency, which is never named twice."""
    known, named = _mention_or_title(ctx.file, person_id, agency), ctx.agency(agency)
    if known is None:
        return ctx.words("person.contact-of", agency=named)
    return f"{known} ({named})"


def _mention_or_title(file: CaseFile, person_id: str, agency: Agency) -> str | None:
    if agency.reached_by_coordinator:
        return None
    roles = (c for c in file.contacts if c.person_id == person_id and c.agency_id == agency.id)
    return mention(file, person_id) or next((escape(c.title) for c in roles if c.title), None)


def asked_one(ctx: RenderContext, ask: Ask) -> str:
    return contact(ctx, ask.person_id, ctx.file.agency_of_ask(ask))


def when(ctx: RenderContext, meeting: Meeting) -> str:
    return ctx.words.when(meeting.starts_at, ctx.zone)


def span(ctx: RenderContext, meeting: Meeting) -> str:
    return ctx.words.span(meeting.starts_at, meeting.ends_at, ctx.zone)


def due(ctx: RenderContext, ask: Ask) -> str:
    """Say by when to answer, with a clock time only in haste."""
    by, clock = wanted_by(ctx.file, ask), answer_by(ctx, ask)
    if by <= ctx.now:
        return ctx.words("summons.soon")
    if clock is not None:
        return ctx.words("summons.due", due=ctx.words.within(clock, ctx.zone))
    ends_work = by.astimezone(ctx.zone).time() == ctx.file.team.rules.work_hours.end
    day = ctx.words.today_or(by.astimezone(ctx.zone).date(), ctx.zone)
    return ctx.words(f"summons.due-{'day' if ends_work else 'noon'}", day=day)


def moved_from(ctx: RenderContext, meeting: Meeting) -> str:
    """Say from when a meeting was moved; for a new place, only that it is new."""
    before = meeting.moved_from
    if before is None or before == meeting.starts_at:
        return ctx.words("summons.changed-place")
    return ctx.words("summons.moved", before=ctx.words.when(before, ctx.zone))


def new_time(ctx: RenderContext, ask: Ask) -> dict[str, str] | None:
    """Return the new and the old time of a moved meeting, for a question about the new time; otherwise None.

    None if only the place is new, if the ask is answered, and once the meeting has begun.
    """
    meeting = ctx.file.meeting(ask.meeting_id)
    before = meeting.moved_from if ask.asked_anew and ask.open else None
    if before in (None, meeting.starts_at) or meeting.starts_at <= ctx.now:
        return None
    return {
        "when": ctx.words.anew(meeting.starts_at, ctx.zone),
        "before": ctx.words.instead_of(before, meeting.starts_at, ctx.zone),
    }


def where(words: Words, meeting: MeetingTimes) -> str:
    """Return the place of a meeting, a link to join by, or both."""
    both = [escape(meeting.place)] if meeting.place else []
    if meeting.link:
        target = escape(meeting.link).replace("|", "%7C")
        both.append(f"<{target}|{words('said.video')}>")
    return " · ".join(both) or words("said.nowhere")


def kind_of(ctx: RenderContext, meeting: Meeting) -> str | None:
    """Say whether a meeting is on video or in person, for a person who has not confirmed.

    It says whether to drive, and nothing about the case.
    """
    on = ("video", "both") if meeting.link else (None, "person")
    which = on[1 if meeting.place else 0]
    return ctx.words(f"said.meeting-{which}") if which else None


def time_alone(ctx: RenderContext, meeting: Meeting) -> str:
    """Say only when a meeting is, not where, for a person who has not confirmed taushetsplikt."""
    return ctx.words("said.when", when=span(ctx, meeting))


def agenda(ctx: RenderContext, meeting: Meeting) -> str | None:
    """Return the open actions, if it is the next meeting, or what a case begins with; then the note.

    Once the meeting has begun there is only the note: an action agreed there is not on its agenda. A contact
    reads of missing consent only if it is their own agency's; coordinators have it on the card and in Home.
    The note is a quotation, so that no line of it passes for the bot's own.
    """
    ahead = meeting.starts_at > ctx.now
    comes_next = ahead and ctx.file.next_meeting(ctx.now) == meeting
    first = ctx.words("said.actions-first") if comes_next and open_actions(ctx.file) else None
    begins = all(m.starts_at >= meeting.starts_at for m in ctx.file.meetings if m.cancelled_at is None)
    if begins and ahead:
        first = lines(first, _own_consent_missing(ctx), ctx.words("said.bring"))
    return lines(first, note(ctx, meeting.note)) or None


def _own_consent_missing(ctx: RenderContext) -> str | None:
    reader = ctx.recipient.id if ctx.recipient is not None else None
    own = {s.involvement_id for s in ctx.file.seats if s.live and s.person_id == reader}
    missing = any(part.id in own for part in without_consent(ctx.file))
    return ctx.words("said.consent-missing") if missing else None


def note(ctx: RenderContext, written: str) -> str | None:
    text = written.strip()
    return ctx.words("said.agenda", note=quoted(text)) if text else None


def room(ctx: RenderContext, person_id: str) -> str | None:
    """Return a link to the room if it exists, is closed, and the person belongs in it and has not left."""
    here = ctx.file.room
    channel = here.channel_id if here.trouble is None else None
    inside = person_id in ctx.file.room_people() and not ctx.file.has_left(person_id)
    return f"<#{channel}>" if channel and inside else None


def answer_by(ctx: RenderContext, ask: Ask | None) -> datetime | None:
    """Return the clock time to answer by; None if answered, or if there was no haste when asked."""
    if ask is None or not ask.open:
        return None
    starts_at = ctx.file.meeting(ask.meeting_id).starts_at
    in_haste = ctx.file.team.half_day_to_answer(ask.asked_at, starts_at) is None
    return wanted_by(ctx.file, ask) if in_haste else None


def reason(words: Words, ask: Ask) -> str:
    """Return the reason for declining; a forfall from the calendar has none yet."""
    return words(f"decline.{ask.reason}") if ask.reason else words("mail.no-reason")


def told_by_mail(file: CaseFile, person_id: str | None) -> bool:
    """Return whether this person's calendar (None: anybody's) has been told by mail and still is."""
    known = (file.asked(e.about) for e in file.entries)
    return any(
        asked is not None and person_id in (None, asked.person_id) and may_mail(file, asked)
        for asked in known
    )


def duty_line(words: Words, agency: Agency) -> str:
    line = agency.duty_line
    return words("said.duty-line", line=escape(line)) if line else words("said.no-line")


def seat_to_confirm(ctx: RenderContext, ask: Ask) -> Seat | None:
    seats = ctx.file.seats_of(ask.person_id, ctx.file.part_of(ask))
    return next((seat for seat in seats if not seat.confirmed), None)


def lacking(
    words: Words,
    file: CaseFile,
    now: datetime,
    found: Iterable[tuple[Missing | DutyState, Sequence[Involvement]]],
) -> list[str]:
    """Say what a case lacks, one sentence for each lack with all the agencies that it is about."""
    return [_lack(words, file, now, what, parts) for what, parts in found]


def _lack(
    words: Words, file: CaseFile, now: datetime, what: Missing | DutyState, parts: Sequence[Involvement]
) -> str:
    named = words.several(escape(file.agency_of(part.id).shown_name) for part in parts)
    if isinstance(what, DutyState):
        return f"*{named}:* {words(f'duty.{what}')}"
    if what is Missing.COORDINATOR_UNCONFIRMED:
        people = (mention(file, person_id) for person_id in file.unconfirmed_coordinators())
        named = words.several(person or words("said.coordinator") for person in people)
    held = words.several(words.short_day(file.team.day_of(m.starts_at)) for m in file.unregistered(now))
    least = quorum.least(words, file.team.rules.quorum)
    return words(f"missing.{what}", agency=named, least=least, held=held)


def names(ctx: RenderContext, parts: Iterable[Involvement]) -> str:
    return ctx.words.several(ctx.agency(ctx.file.agency_of(part.id)) for part in parts)


def short_message(text: str, *more: Block) -> Message:
    return Message([section(text), *more])


#: Rows of blocks, each of which is shown as a whole; the first may be a heading.
Part = Sequence[Sequence[Block]]


def titled(title: str, rows: Part) -> Part:
    """Return rows under a title; nothing if there are none."""
    return [[header(title)], *rows] if rows else []


def fit(words: Words, parts: Iterable[Part], most: int = MESSAGE_BLOCKS) -> list[Block]:
    """Return the blocks of all parts, at most this many: the longest part ends earlier, and says so."""
    shown = [[row for row in part if row] for part in parts]
    left = [0] * len(shown)

    def size(n: int) -> int:
        return sum(map(len, shown[n])) + (left[n] > 0)

    while sum(map(size, range(len(shown)))) > most:
        longest = max(range(len(shown)), key=lambda n: (len(shown[n]) > 1, size(n)))
        shown[longest].pop()
        left[longest] += 1
    return [block for n, rows in enumerate(shown) for row in (*rows, _more(words, left[n])) for block in row]


def _more(words: Words, left: int) -> list[Block]:
    return [context(words.count("said.more", left))] if left > 0 else []


def way_to_room(ctx: RenderContext) -> str | None:
    found = room(ctx, ctx.recipient.id) if ctx.recipient is not None else None
    return ctx.words("said.room", room=found) if found else None


def persons_line(ctx: RenderContext) -> str:
    """Say which persons the case has, and since when it is closed for other persons."""
    words, file = ctx.words, ctx.file
    still = file.open_letters
    closed = []
    for each in sorted(file.closed_persons, key=lambda c: c.letter):
        day = words.day(each.closed_at.astimezone(ctx.zone).date())
        closed.append(f"{each.letter} ({day})")
    return lines(
        words.count("card.persons", len(still), persons=words.several(still)),
        words("persons.closed", persons=words.several(closed)) if closed else None,
    )
