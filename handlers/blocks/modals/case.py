"""Forms that open a case, change its phase and close it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.case import Phase, letters
from bot.domain.case_file import CaseFile
from bot.domain.directory import Agency, Team
from bot.domain.duty_state import DutyState, duty_state
from bot.domain.placement_rules import open_placements
from bot.domain.rhythm import Rhythm
from bot.texts import Words
from bot.usecases.open_case import MOST_PERSONS, OpenCase, Review
from handlers.blocks import agreed
from handlers.blocks.modals.meetings import Proposal, meeting_fields
from handlers.blocks.modals.parts import (
    View,
    choices_of,
    field,
    lines,
    modal,
    number,
    radio,
    says,
    select,
    selects,
)
from handlers.blocks.modals.persons import agencies_without, over_for_one
from handlers.blocks.modals.told import by_agency, human, span, warned, where, will_be_told
from handlers.blocks.modals.told import mention as mention_of
from handlers.blocks.persons import listed
from handlers.blocks.quorum import never_enough
from handlers.blocks.scene import Block, escape
from handlers.ids import ViewId

OWN_INITIATIVE = "own"
WHOLE_CASE = "case"
NO_RHYTHM = "none"


def choose_team(words: Words, teams: list[Team], purpose: str, mark: str = "") -> View:
    """For which team; `mark` travels with the choice."""
    choices = [(f"{t.id}|{mark}", t.name) for t in teams]
    return modal(
        words,
        ViewId.CHOOSE_TEAM,
        "modal.choose-team.title",
        [field("team", words("field.team"), radio(choices[:10], choices[0][0]))],
        submit="modal.next",
        metadata=purpose,
    )


def open_case_form(
    words: Words,
    team: Team,
    agencies: list[Agency],
    proposal: Proposal,
    *,
    asked_by: str | None = None,
    matter: str | None = None,
) -> View:
    """Open a case, involve its agencies and call the first meeting.

    `asked_by` is the agency that asked, `matter` what outside cases it was that prompted it.
    """
    names = [(a.id, a.shown_name) for a in agencies]
    askers = select([(OWN_INITIATIVE, words("field.asked-by.own")), *names], asked_by or OWN_INITIATIVE)
    return modal(
        words,
        ViewId.OPEN_CASE,
        "modal.open-case.title",
        [
            says(words("modal.open-case.intro", team=escape(team.name))),
            field("phase", words("field.phase"), radio(choices_of(words, "phase", Phase), Phase.ACUTE)),
            field("asked_by", words("field.asked-by"), askers),
            field(
                "persons",
                words("field.persons"),
                number(1, 1, MOST_PERSONS),
                hint=words("field.persons.hint"),
            ),
            field("agencies", words("field.agencies"), selects(names), hint=words("field.agencies.hint")),
            field(
                "expected",
                words("field.expected"),
                selects(names),
                hint=words("field.expected.hint"),
                optional=True,
            ),
            *meeting_fields(words, team, proposal),
        ],
        submit="modal.look-over",
        metadata=team.id if matter is None else f"{team.id}|{matter}",
    )


def open_case_review(words: Words, metadata: str, command: OpenCase, review: Review) -> View:
    """«Se over og send»: the humans who will now be told."""
    zone = ZoneInfo(review.team.zone)
    expected = [f"• {escape(a.shown_name)}" for a in review.expected]
    others = [f"• {mention_of(words, p)}" for p in review.coordinators]
    return modal(
        words,
        ViewId.OPEN_CASE_REVIEW,
        "modal.review.title",
        [
            *lines(
                words("modal.review.case", phase=words(f"phase.{command.phase}")),
                words("modal.review.persons", letters=listed(words, letters(command.persons))),
            ),
            *lines(
                words("modal.review.meeting"), span(words, review.meeting, zone), where(words, review.meeting)
            ),
            *lines(*warned(words, review.warnings, review.meeting, zone)),
            *lines(*never_enough(words, review.team.rules.quorum, (t.agency.kind for t in review.told))),
            *lines(words("modal.review.told"), *(will_be_told(words, t) for t in review.told)),
            *(lines(words("modal.review.coordinators"), *others) if others else []),
            *(lines(words("modal.review.expected"), *expected) if expected else []),
            says(words("modal.review.nothing-yet")),
        ],
        submit="modal.send",
        metadata=metadata,
        close="modal.back",
    )


def phase_form(words: Words, file: CaseFile, initial: Phase) -> View:
    """The phase of the case, what each means, and how often it meets in the working phase."""
    rhythms = [(NO_RHYTHM, words("field.rhythm.none")), *choices_of(words, "rhythm", Rhythm)]
    return modal(
        words,
        ViewId.PHASE,
        "modal.phase.title",
        [
            field("phase", words("field.phase"), radio(choices_of(words, "phase", Phase), initial)),
            field(
                "rhythm",
                words("field.rhythm"),
                select(rhythms, file.case.rhythm or NO_RHYTHM),
                hint=words("field.rhythm.hint"),
            ),
            *lines(words("modal.phase.acute"), words("modal.phase.working"), words("modal.phase.told")),
        ],
        submit="modal.save",
        metadata=file.case.id,
    )


_UNANSWERED = (
    DutyState.MUST_BE_CALLED,
    DutyState.AWAITS_CONFIDENTIALITY,
    DutyState.AWAITS_ANSWER,
    DutyState.DEPUTY_ASKED,
)


def close_form(
    words: Words, file: CaseFile, delete_on: date, now: datetime, likely: str | None = None
) -> View:
    """What is open, what will happen, and when it is deleted; with several persons, also for one of them.

    Of the one who was named (`likely`, a letter) it is told first, and of no other.
    """
    several = len(file.open_letters) > 1
    open_things = list(_open_things(words, file, now)) or [words("modal.close-case.nothing-open")]
    leaving = dict.fromkeys(
        human(words, file, s.person_id, file.agency_of(s.involvement_id))
        for s in file.seats
        if s.live and s.involvement_id and file.reached_directly(s.person_id, s.involvement_id)
    )
    return modal(
        words,
        ViewId.CLOSE,
        "modal.close-case.title",
        [
            *_what_to_close(words, file, likely),
            *(_for_named(words, file, likely) if several and likely else []),
            *lines(words("modal.close-case.open"), *open_things),
            *lines(
                words("modal.close-case.if-whole" if several else "modal.close-case.then"),
                words(
                    "modal.close-case.leaving",
                    who=words.several(leaving) if leaving else words("modal.no-one"),
                ),
                words("modal.close-case.room"),
                words("modal.close-case.deleted", day=words.day(delete_on)),
            ),
            *(_for_one(words, file) if several and not likely else []),
        ],
        submit="modal.close-case.some" if several else "modal.close-case.submit",
        metadata=file.case.id,
    )


def _what_to_close(words: Words, file: CaseFile, likely: str | None) -> list[Block]:
    if len(file.open_letters) < 2:
        return []
    persons = [(p, words("modal.close-case.person", person=p)) for p in file.open_letters]
    choices = [(WHOLE_CASE, words("modal.close-case.whole")), *persons]
    return [field("what", words("field.close-what"), select(choices, likely or WHOLE_CASE))]


def _for_named(words: Words, file: CaseFile, letter: str) -> list[Block]:
    what = agencies_without(words, file, letter) or [words("modal.close-case.nothing-else", person=letter)]
    return lines(words("modal.close-case.for-named", person=letter), *what)


def _for_one(words: Words, file: CaseFile) -> list[Block]:
    return lines(
        words("modal.close-case.for-one"), *(over_for_one(words, file, p) for p in file.open_letters)
    )


def _open_things(words: Words, file: CaseFile, now: datetime) -> Iterator[str]:
    zone = ZoneInfo(file.team.zone)
    ahead = sorted((m for m in file.meetings if m.live and m.ends_at > now), key=lambda m: m.starts_at)
    for meeting in ahead:
        yield words("modal.close-case.meeting", when=words.when(meeting.starts_at, zone))
        unanswered = [
            escape(file.agency_of(d.involvement_id).shown_name)
            for d in by_agency(file, file.duties_of(meeting.id))
            if duty_state(file, d) in _UNANSWERED
        ]
        if unanswered:
            yield words("modal.close-case.unanswered", agencies=words.several(unanswered))
    how_many = agreed.how_many(words, file, now)
    if how_many is not None:
        yield words("modal.close-case.actions", how_many=how_many)
    for placement in open_placements(file):
        day = words.day(placement.ends_on)
        yield words("modal.close-case.placement", person=placement.person, day=day)
    agencies = [escape(file.agencies[i.agency_id].shown_name) for i in by_agency(file, file.current())]
    if agencies:
        yield words("modal.close-case.agencies", agencies=words.several(agencies))
    expected = [
        escape(file.agencies[i.agency_id].shown_name)
        for i in by_agency(file, file.involvements)
        if i.asked_at is None and i.ended_at is None
    ]
    if expected:
        yield words("modal.close-case.expected", agencies=words.several(expected))
