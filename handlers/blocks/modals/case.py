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
from handlers.blocks.modals.told import by_agency, human, span, warned, where, will_be_told
from handlers.blocks.modals.told import mention as mention_of
from handlers.blocks.scene import escape
from handlers.ids import ViewId

OWN_INITIATIVE = "own"


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


def open_case_form(words: Words, team: Team, agencies: list[Agency], proposal: Proposal) -> View:
    """Open a case, involve its agencies and call the first meeting."""
    names = [(a.id, a.shown_name) for a in agencies]
    asked_by = select([(OWN_INITIATIVE, words("field.asked-by.own")), *names], OWN_INITIATIVE)
    return modal(
        words,
        ViewId.OPEN_CASE,
        "modal.open-case.title",
        [
            says(words("modal.open-case.intro", team=escape(team.name))),
            field("phase", words("field.phase"), radio(choices_of(words, "phase", Phase), Phase.ACUTE)),
            field("asked_by", words("field.asked-by"), asked_by),
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
        metadata=team.id,
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
                words("modal.review.persons", letters=words.several(letters(command.persons))),
            ),
            *lines(
                words("modal.review.meeting"), span(words, review.meeting, zone), where(words, review.meeting)
            ),
            *lines(*warned(words, review.warnings, review.meeting, zone)),
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
    """The phase of the case, and what each means."""
    return modal(
        words,
        ViewId.PHASE,
        "modal.phase.title",
        [
            field("phase", words("field.phase"), radio(choices_of(words, "phase", Phase), initial)),
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


def close_form(words: Words, file: CaseFile, delete_on: date, now: datetime) -> View:
    """What is open, what will happen, and when it is deleted."""
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
            *lines(words("modal.close-case.open"), *open_things),
            *lines(
                words("modal.close-case.then"),
                words(
                    "modal.close-case.leaving",
                    who=words.several(leaving) if leaving else words("modal.no-one"),
                ),
                words("modal.close-case.room"),
                words("modal.close-case.deleted", day=words.day(delete_on)),
            ),
        ],
        submit="modal.close-case.submit",
        metadata=file.case.id,
    )


def _open_things(words: Words, file: CaseFile, now: datetime) -> Iterator[str]:
    zone = ZoneInfo(file.team.zone)
    for meeting in file.unregistered(now):
        yield words("modal.close-case.unregistered", when=words.when(meeting.starts_at, zone))
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
