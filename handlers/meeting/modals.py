"""Forms about meetings: call, move, call off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.calendar.entry import entries_of, gets_mail, mail_alone
from bot.domain.case.entities import Ask, Meeting, Phase
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Team
from bot.texts.words import Words
from bot.usecases.meeting import MeetingReview
from bot.usecases.validation import NOTE, MeetingPlan
from handlers.blocks import inputs, people
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import as_asked, context, section
from handlers.blocks.formatting import MeetingTimes
from handlers.blocks.inputs import Choice
from handlers.blocks.modal import Blocks, View, field, form, line_blocks, modal, review_form
from handlers.blocks.quorum import never_enough
from handlers.meeting.times import seconds, to_move, usual
from handlers.polls.modals import more_times
from handlers.slack.payloads import Fields, moment
from handlers.slack.verbs import Readers

MEETING_REVIEW = review_form("meeting_review")
MOVE_REVIEW = review_form("move_review")

_MINUTES = (30, 45, 60, 90, 120, 180)
_LONGEST_LINK = 2000
#: The most radio buttons that Slack shows.
MOST_TIMES = 10


@dataclass(frozen=True, slots=True)
class Proposal:
    """Initial values of the fields of a meeting.

    `refused` tells why a typed time was not understood.
    """

    starts_at: datetime
    minutes: int
    refused: str = ""
    place: str | None = None
    link: str = ""
    note: str = ""


def meeting_fields(words: Words, team: Team, proposal: Proposal, times: Sequence[Choice] = ()) -> list[Block]:
    """The fields of a meeting; the block_ids are those of `validation.MeetingPlan`'s problems.

    With `times`, each of them is one tap, and any other time has a field of its own.
    """
    blocks = [context(proposal.refused)] if proposal.refused else []
    listed = inputs.radio(times[:MOST_TIMES], seconds(proposal.starts_at))
    starts_at = listed if times else inputs.moment(proposal.starts_at)
    return [
        *blocks,
        field(words, "starts_at", "field.starts-at", starts_at),
        *([other_time_field(words)] if times else []),
        duration_field(words, proposal.minutes),
        *where_fields(words, team, proposal.place, proposal.link),
        note_field(words, proposal.note),
    ]


def other_time_field(words: Words) -> Block:
    return field(words, "other_time", "field.other-time", inputs.moment(), optional=True)


def duration_field(words: Words, minutes: int) -> Block:
    choices = [(str(n), words("modal.minutes", n=n)) for n in sorted({*_MINUTES, minutes})]
    return field(words, "minutes", "field.minutes", inputs.select(choices, str(minutes)))


def where_fields(words: Words, team: Team, place: str | None, link: str) -> list[Block]:
    """The fields for place, link or both; with both, each says that one of them is enough."""
    rules, blocks = team.rules, []
    with_link = bool(rules.link_hosts) or not rules.places
    if rules.places:
        places = [(p[:150], p) for p in rules.places]
        likely = place or (rules.places[0] if len(rules.places) == 1 and not link else None)
        listed = inputs.select(places, likely[:150] if likely else None)
        hint = words("field.place.or-link") if with_link else ""
        blocks.append(field(words, "place", "field.place", listed, hint=hint, optional=True))
    if with_link:
        hints = [words("field.link.or-place")] if rules.places else []
        hints += [words("field.link.hint", hosts=", ".join(rules.link_hosts))] if rules.link_hosts else []
        written = inputs.line(link, _LONGEST_LINK)
        one_of_two = bool(rules.places)
        blocks.append(field(words, "link", "field.link", written, hint=" ".join(hints), optional=one_of_two))
    return blocks


def note_field(words: Words, note: str) -> Block:
    element = inputs.writing(NOTE, note)
    return field(words, "note", "field.note", element, hint=True, optional=True)


@form("meeting", "case", submit="modal.look-over")
def call_form(words: Words, file: CaseFile, proposal: Proposal, now: datetime) -> Blocks:
    times = [] if _can_wait(file) else usual(words, file.team, proposal.starts_at, now)
    yield section(words("modal.meeting.intro"))
    yield from meeting_fields(words, file.team, proposal, times)
    yield from more_times(words) if _can_wait(file) else []
    return file.case.id


@form("move", "meeting and its sequence", submit="modal.look-over")
def move_form(words: Words, file: CaseFile, meeting: Meeting, proposal: Proposal, now: datetime) -> Blocks:
    zone = file.team.time_zone
    times = to_move(words, file, meeting, proposal.starts_at, now)
    yield section(words("modal.move.intro", when=people.span(words, meeting, zone)))
    yield from meeting_fields(words, file.team, proposal, times)
    yield from more_times(words) if _can_wait(file) and meeting.starts_at > now else []
    return as_asked(meeting.id, meeting.sequence)


def _can_wait(file: CaseFile) -> bool:
    """Return whether there is time to ask which times suit; in the acute phase a meeting is called."""
    return file.case.phase is not Phase.ACUTE


def proposal_of(meeting: MeetingTimes, note: str) -> Proposal:
    return Proposal(
        starts_at=meeting.starts_at,
        minutes=int((meeting.ends_at - meeting.starts_at) / timedelta(minutes=1)),
        place=meeting.place,
        link=meeting.link or "",
        note=note,
    )


@form("choose_meeting", key="move", submit="modal.next")
def choose_meeting(words: Words, file: CaseFile, meetings: list[Meeting], typed: str) -> Blocks:
    """Choose a meeting to move; the time that was `typed` is carried along with the choice."""
    zone = file.team.time_zone
    choices = [(f"{m.id}|{typed}", words.short(m.starts_at, zone)) for m in meetings]
    yield field(words, "meeting", "field.meeting", inputs.radio(choices[:10], choices[0][0]))
    return ""


def meeting_review(words: Words, metadata: str, review: MeetingReview, now: datetime) -> View:
    """«Se over og send» for a meeting that is called or moved."""
    file, plan = review.file, review.meeting
    zone = file.team.time_zone
    deputies, rung = _who(file, review.deputies), _who(file, review.ring)
    here: list[str] = []
    ring: list[str] = []
    for part, person_id in sorted(
        review.people, key=lambda one: file.agency_of(one[0]).shown_name.casefold()
    ):
        reached = file.reached_directly(person_id, part)
        if (part, person_id) in rung and not reached:
            continue
        who = people.in_agency(words, file, file.agency_of(part), person_id)
        if (part, person_id) in deputies:
            who = words("modal.review.as-deputy", who=who)
        (here if reached or gets_mail(file, person_id) else ring).append(who)
    asked_of = {part for part, _ in review.people} | {file.part_of(a) for a in review.told}
    unasked = [i for i in people.by_agency(file, file.current()) if i.id not in asked_of]
    ring += [
        words("modal.told.nobody", agency=escape(file.agencies[i.agency_id].shown_name)) for i in unasked
    ]
    heading = "modal.review.asked" if review.moved is None else "modal.review.asked-again"
    asked_lines = [words(heading), *(here or [words("modal.no-one")])]
    if not review.asks_again:
        asked_lines = [words("modal.review.only-note")]
    also_told = [people.in_agency(words, file, file.agency_of_ask(ask), ask.person_id) for ask in review.told]
    ring += [
        words("modal.review.as-deputy", who=who) if ask in review.deputies else who
        for ask in review.ring
        if (who := people.to_be_rung(words, file, ask))
    ]
    to_ring = "modal.review.to-ring" if review.moved is None else "modal.review.ring"
    asked = [file.agency_of(part.id).kind for part in file.current()]
    blocks = [
        *line_blocks(
            words("modal.review.meeting"),
            *people.when_and_where(words, plan, zone, now),
        ),
        *line_blocks(*people.warned(words, review.warnings, plan, zone)),
        *line_blocks(*(never_enough(words, file.team.rules.quorum, asked) if review.asks_again else [])),
        *line_blocks(*asked_lines),
        *(line_blocks(words("modal.review.told-of-move"), *also_told) if also_told else []),
        *(line_blocks(words(to_ring), *ring) if ring else []),
        section(words("modal.review.nothing-yet")),
    ]
    return modal(words, MEETING_REVIEW if review.moved is None else MOVE_REVIEW, blocks, metadata)


def _who(file: CaseFile, asks: Iterable[Ask]) -> set[tuple[str, str]]:
    return {(file.part_of(ask), ask.person_id) for ask in asks}


@form("cancel", "case", "cancel-meeting")
def cancel_form(words: Words, file: CaseFile, meetings: list[Meeting]) -> Blocks:
    """Call a meeting off."""
    who_hears = [line for meeting in meetings for line in _who_hears(words, file, meeting)]
    zone = file.team.time_zone
    choices = [(as_asked(m.id, m.sequence), words.short(m.starts_at, zone)) for m in meetings]
    yield field(words, "meeting", "field.meeting", inputs.select(choices, choices[0][0]))
    yield from line_blocks(*who_hears)
    yield section(words("modal.cancel-meeting.then"))
    return file.case.id


def _who_hears(words: Words, file: CaseFile, meeting: Meeting) -> Iterator[str]:
    """Yield who learns that a meeting is off, and how: by a message if they have confirmed taushetsplikt.

    The others read it where they are asked to confirm.
    """
    heard: dict[str, dict[str, None]] = {way: {} for way in ("told", "read", "mailed", "ring")}
    for duty in people.by_agency(file, file.duties_of(meeting.id)):
        agency = file.agency_of(duty.involvement_id)
        for ask in file.asks_of(duty.id):
            has_entry = any(not e.cancelled for e in entries_of(file, ask))
            if has_entry and mail_alone(file, ask) and gets_mail(file, ask.person_id):
                heard["mailed"][escape(agency.shown_name)] = None
            elif not file.reaches(ask):
                heard["ring"][escape(agency.shown_name)] = None
            elif not ask.awaits_approval:
                way = "read" if file.awaits_confidentiality(ask) else "told"
                heard[way][people.human(words, file, ask.person_id, agency)] = None
    when = words.soon(meeting.starts_at, file.team.time_zone)
    for way, who_hear in heard.items():
        if who_hear or way == "told":
            who = words.several(who_hear) if who_hear else words("modal.no-one")
            yield words(f"modal.cancel-meeting.{way}", when=when, who=who, agencies=who)


def read_meeting(fields: Fields) -> MeetingPlan:
    """Read the time and place from the form."""
    minutes, place, link = fields.minutes("minutes"), fields.option("place"), fields.text("link")
    return plan_at(fields, minutes, place, link)


def plan_at(fields: Fields, minutes: int, place: str | None, link: str) -> MeetingPlan:
    """Return the meeting at the other time if that is filled in, otherwise at the chosen one."""
    chosen, other = fields.option("starts_at"), fields.moment_or_none("other_time")
    starts_at = other or (fields.moment("starts_at") if chosen is None else moment(chosen))
    ends_at, note = starts_at + timedelta(minutes=minutes), fields.text("note")
    asked_in = "other_time" if other is not None else "starts_at"
    return MeetingPlan(starts_at, ends_at, place, link or None, note, asked_in)


READS_MEETING: Readers = {MeetingPlan: read_meeting}
