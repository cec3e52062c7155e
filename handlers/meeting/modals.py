"""Forms about meetings: call, move, call off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.calendar.entry import gets_mail
from bot.domain.case.entities import Meeting, Phase
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Team
from bot.domain.meeting import AfterMove, after_move, rung_about_move, told_by_mail_alone
from bot.texts.words import Words
from bot.usecases.meeting import MeetingReview
from bot.usecases.validation import NOTE, MeetingPlan
from handlers.blocks import inputs, people
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import as_asked, context, section
from handlers.blocks.inputs import Choice
from handlers.blocks.modal import Blocks, field, form, line_blocks, review_form
from handlers.blocks.quorum import never_enough
from handlers.meeting.defaults import Proposal, proposal_of, propose, propose_next
from handlers.meeting.times import seconds, to_move, usual
from handlers.polls.modals import more_times
from handlers.slack.payloads import Fields
from handlers.slack.verbs import Readers, typed_again

_MINUTES = (30, 45, 60, 90, 120, 180)
_LONGEST_LINK = 2000
#: The most radio buttons that Slack shows.
MOST_TIMES = 10


def meeting_fields(words: Words, team: Team, proposal: Proposal, times: Sequence[Choice] = ()) -> list[Block]:
    """The fields of a meeting; the block_ids are those of `validation.MeetingPlan`'s problems.

    With `times`, each of them is one tap, and any other time has a field of its own.
    """
    blocks = [context(proposal.refused)] if proposal.refused else []
    listed = inputs.radio(times[:MOST_TIMES], seconds(proposal.starts_at))
    starts_at = listed if times else inputs.moment(proposal.starts_at)
    lengths = [(str(n), words("modal.minutes", n=n)) for n in sorted({*_MINUTES, proposal.minutes})]
    return [
        *blocks,
        field(words, "starts_at", "field.starts-at", starts_at),
        *([field(words, "other_time", "field.other-time", inputs.moment(), optional=True)] if times else []),
        field(words, "minutes", "field.minutes", inputs.select(lengths, str(proposal.minutes))),
        *where_fields(words, team, proposal.place, proposal.link),
        field(words, "note", "field.note", inputs.writing(NOTE, proposal.note), hint=True, optional=True),
    ]


def where_fields(words: Words, team: Team, place: str | None, link: str) -> list[Block]:
    """The fields for place, link or both; with both, each says that one of them is enough."""
    rules, blocks = team.rules, []
    with_link = bool(rules.link_hosts) or not rules.places
    if rules.places:
        places = [(p[:150], p) for p in rules.places]
        likely = place or (rules.places[0] if len(rules.places) == 1 and not link else None)
        listed = inputs.select(places, likely[:150] if likely else None)
        hint = words("invalid.nowhere") if with_link else ""
        blocks.append(field(words, "place", "field.place", listed, hint=hint, optional=True))
    if with_link:
        hints = [words("field.link.or-place")] if rules.places else []
        hints += [words("field.link.hint", hosts=", ".join(rules.link_hosts))] if rules.link_hosts else []
        written = inputs.line(link, _LONGEST_LINK)
        one_of_two = bool(rules.places)
        blocks.append(field(words, "link", "field.link", written, hint=" ".join(hints), optional=one_of_two))
    return blocks


@form("meeting", "case", heading="command.meeting.choice", submit="modal.look-over")
def call_form(words: Words, file: CaseFile, *, typed: str = "", now: datetime) -> Blocks:
    """Call a meeting; text after the word is read as a time."""
    proposal = propose_next(words, file, typed, now)
    times = [] if _can_wait(file) else usual(words, file.team, proposal.starts_at, now)
    yield section(words("modal.meeting.intro"))
    yield from meeting_fields(words, file.team, proposal, times)
    yield from more_times(words) if _can_wait(file) else []
    return file.case.id


@form("move", "case, meeting and its sequence", heading="command.move.choice", submit="modal.look-over")
def move_form(words: Words, file: CaseFile, meeting: Meeting, *, typed: str = "", now: datetime) -> Blocks:
    """Move a meeting, or change its note; text after the word is read as a time.

    If there are several meetings, one is chosen first. For one that has begun the next working morning is
    proposed.
    """
    ahead = meeting.starts_at > now
    at = propose(words, file.team, typed, now, meeting.starts_at if ahead else None)
    proposal = replace(proposal_of(meeting, meeting.note), starts_at=at.starts_at, refused=at.refused)
    yield section(words("modal.move.intro", when=people.span(words, meeting, file.team.time_zone)))
    yield from meeting_fields(
        words, file.team, proposal, to_move(words, file, meeting, proposal.starts_at, now)
    )
    yield from more_times(words) if _can_wait(file) and ahead else []
    return f"{file.case.id}|{as_asked(meeting.id, meeting.sequence)}"


def _can_wait(file: CaseFile) -> bool:
    """Return whether there is time to ask which times suit; in the acute phase a meeting is called."""
    return file.case.phase is not Phase.ACUTE


@form("choose_meeting", "the typed time in full, if any", heading="command.move.choice", submit="modal.next")
def choose_meeting(
    words: Words, found: Sequence[tuple[CaseFile, Meeting]], *, typed: str, now: datetime
) -> Blocks:
    """Choose a meeting to move; the time that was `typed` is carried along."""
    team = found[0][0].team
    choices = [(m.id, words.short(m.starts_at, team.time_zone)) for _, m in found]
    yield field(words, "meeting", "field.meeting", inputs.radio(choices[:10], choices[0][0]))
    return typed_again(team, typed, now)


@review_form("meeting_review")
def meeting_review(words: Words, metadata: str, review: MeetingReview, now: datetime) -> Blocks:
    """«Se over og send» for a meeting that is called or moved."""
    file, plan, moved = review.file, review.meeting, review.moved
    zone = file.team.time_zone
    here, told, ring = _asked(words, file, moved) if review.asks_again else ([], [], [])
    yield from line_blocks(words("modal.review.meeting"), *people.when_and_where(words, plan, zone, now))
    yield from line_blocks(*people.warned(words, review.warnings))
    if review.asks_again:
        heading = "modal.review.asked" if moved is None else "modal.review.asked-again"
        kinds = [file.agency_of(part.id).kind for part in file.current()]
        yield from line_blocks(*never_enough(words, file.team.rules.quorum, kinds))
        yield from line_blocks(words(heading), *(here or [words("modal.no-one")]))
    else:
        yield section(words("modal.review.only-note"))
    to_ring = "modal.review.to-ring" if moved is None else "modal.review.ring"
    for key, named in (("modal.review.told-of-move", told), (to_ring, ring)):
        yield from line_blocks(words(key), *named) if named else []
    yield section(words("modal.review.nothing-yet"))
    return metadata


def _asked(words: Words, file: CaseFile, moved: Meeting | None) -> tuple[list[str], list[str], list[str]]:
    """Name who is asked here, who is told that the meeting is moved, and whom a coordinator has to ring."""
    here: list[str] = []
    told: list[str] = []
    ring: list[str] = []
    rung = rung_about_move(file, moved) if moved is not None else []
    for part in people.by_agency(file, file.current()):
        agency, lead = file.agency_of(part.id), file.lead(part.id)
        named = len(here) + len(told) + len(ring)
        if moved is None and lead is not None:
            reached = file.reached_directly(lead.person_id, part.id) or gets_mail(file, lead.person_id)
            (here if reached else ring).append(people.in_agency(words, file, agency, lead.person_id))
        duty = file.duty_at(moved.id, part.id) if moved is not None else None
        for ask, becomes in after_move(file, duty) if duty is not None else ():
            who = people.in_agency(words, file, agency, ask.person_id)
            as_deputy = "modal.review.as-deputy" if ask.deputy_for is not None else ""
            if becomes is AfterMove.STANDS and not ask.awaits_approval and file.reaches(ask):
                told.append(who)
            if becomes is AfterMove.ASKED and (file.reaches(ask) or ask not in rung):
                here.append(words(as_deputy, who=who) if as_deputy else who)
            if ask in rung:
                who = people.to_be_rung(words, file, ask)
                ring.append(words(as_deputy, who=who) if as_deputy else who)
        if named == len(here) + len(told) + len(ring):
            ring.append(words("modal.told.nobody", agency=escape(agency.shown_name)))
    return here, told, ring


@form("cancel", heading="command.cancel.choice", submit="command.cancel.choice")
def cancel_form(words: Words, found: Sequence[tuple[CaseFile, Meeting]]) -> Blocks:
    """Call a meeting off."""
    who_hears = [line for file, meeting in found for line in _who_hears(words, file, meeting)]
    zone = found[0][0].team.time_zone
    choices = [(as_asked(m.id, m.sequence), words.short(m.starts_at, zone)) for _, m in found]
    yield field(words, "meeting", "field.meeting", inputs.select(choices, choices[0][0]))
    yield from line_blocks(*who_hears)
    yield section(words("modal.cancel-meeting.then"))
    return ""


def _who_hears(words: Words, file: CaseFile, meeting: Meeting) -> Iterator[str]:
    """Yield who learns that a meeting is off, and how: by a message if they have confirmed taushetsplikt.

    The others read it where they are asked to confirm.
    """
    heard: dict[str, dict[str, None]] = {way: {} for way in ("told", "read", "mailed", "ring")}
    for duty in people.by_agency(file, file.duties_of(meeting.id)):
        agency = file.agency_of(duty.involvement_id)
        for ask in file.asks_of(duty.id):
            if told_by_mail_alone(file, ask):
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
    other = fields.get("other_time", datetime)
    starts_at = other or fields.needed("starts_at", datetime)
    ends_at, note = starts_at + timedelta(minutes=minutes), fields.text("note")
    asked_in = "other_time" if other is not None else "starts_at"
    return MeetingPlan(starts_at, ends_at, place, link or None, note, asked_in)


READS_MEETING: Readers = {MeetingPlan: read_meeting}
