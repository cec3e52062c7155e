"""Over any history card, Home, the call list, the chain and the register say the same of an agency."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.answers import DutyState, calls, listed_at, standing_at, standings
from bot.domain.attendance import likely_attendance
from bot.domain.case.duty import EscalationStep, StepKind
from bot.domain.case.entities import Answer, Approval, Attendance, Involvement, Phase, Via
from bot.domain.case.file import CaseFile, Standing
from bot.domain.directory.entities import NotOurs
from bot.domain.escalation.chain import chain, heads, leader, next_contact
from bot.domain.language import Language
from bot.domain.notification_params import At
from bot.domain.notifications import Kind, Notification
from bot.domain.overview.missing import lacks
from bot.domain.overview.turnout import turnout
from bot.texts.words import words
from handlers.answers.calls import call_list
from handlers.blocks.context import RenderContext
from handlers.overview.agencies import in_full
from handlers.overview.card import card
from handlers.overview.home import home_view
from handlers.overview.home_model import HomeModel, home_model
from tests.bot import cast
from tests.bot.case_files import ask, case_file, deputy_seat, duty, meeting, part, seat
from tests.bot.cast import HOUR, T0
from tests.handlers.reading import shown

MINUTE = timedelta(minutes=1)
NOW = T0 + 100 * MINUTE
HELD = meeting(T0 + 3 * HOUR)
#: The first is asked, the second stands in or is asked after; shelter and lawyers the bot cannot write to.
PEOPLE = {
    "police": ("officer", "sergeant"),
    "counsel": ("lawyer", "partner"),
    "shelter": ("keeper", None),
    "social": ("clerk", "both"),
    "welfare": ("caseworker", None),
}
LINES = {agency: f"55 00 00 0{n}" for n, agency in enumerate(PEOPLE)}
MOMENTS = st.integers(0, 99).map(lambda minutes: T0 + minutes * MINUTE)
COMES = (DutyState.CONFIRMED, DutyState.DEPUTY_CONFIRMED)
AT_REST = (*COMES, DutyState.EXPECTED, DutyState.TAKES_PART)


@st.composite
def histories(draw: st.DrawFn) -> CaseFile:
    """Whatever may have been answered, recorded, passed on, escalated and withdrawn until now."""
    facts: list[object] = [HELD]
    steps: list[EscalationStep] = []
    for agency, (first, second) in PEOPLE.items():
        if draw(st.integers(0, 9)) == 0:
            facts.append(part(agency, asked_at=None))
            continue
        if draw(st.integers(0, 9)) == 0:
            facts += [_not_ours(agency, first), seat(first, agency, confirmed=draw(st.booleans()))]
            continue
        facts += [part(agency), duty(agency)]
        confirmed = draw(st.booleans())
        facts.append(seat(first, agency, confirmed=confirmed))
        own = replace(
            ask(first, agency, asked_at=T0),
            answer=draw(st.sampled_from([None, None, *Answer])) if confirmed else None,
            told_via=draw(st.sampled_from([None, None, Via.PHONE, Via.MAIL])),
            withdrawn_at=draw(st.sampled_from([None, None, None, T0])),
        )
        if own.answer is not None:
            own = replace(own, answered_at=draw(MOMENTS))
        asks = [own]
        if second is not None and draw(st.booleans()):
            seated = draw(st.booleans())
            other = ask(second, agency, asked_at=draw(MOMENTS))
            if own.answer is Answer.DECLINED or own.withdrawn_at is not None:
                approval = draw(st.sampled_from(Approval))
                gone = T0 if approval is Approval.REFUSED else None
                other = replace(other, deputy_for=own.id, approval=approval, withdrawn_at=gone)
                if approval is Approval.APPROVED:
                    facts.append(deputy_seat(second, agency, confirmed=seated))
            else:
                other = replace(other, escalated_from=own.id)
                facts.append(seat(second, agency, confirmed=seated))
            if seated and other.live and not other.awaits_approval and own.answer is not Answer.CONFIRMED:
                answer = draw(st.sampled_from([None, *Answer]))
                other = replace(other, answer=answer, answered_at=NOW if answer else None)
            asks.append(other)
        facts += asks
        for asked in asks:
            taken = tuple(StepKind)[: draw(st.integers(0, 4))]
            steps += [_step(asked.id, asked.duty_id, kind, n) for n, kind in enumerate(taken)]
    file = case_file(*facts, phase=draw(st.sampled_from(Phase)))
    agencies = {k: replace(a, duty_line=LINES.get(k)) for k, a in file.agencies.items()}
    return replace(file, steps=tuple(steps), agencies=agencies)


def _not_ours(agency: str, by: str) -> Involvement:
    return replace(part(agency), not_ours=NotOurs.NOT_INVOLVED, not_ours_at=T0, not_ours_by=by)


def _step(ask_id: str, duty_id: str, kind: StepKind, number: int) -> EscalationStep:
    at = T0 + 15 * (number + 1) * MINUTE
    return EscalationStep(f"{ask_id}:{kind}", "case", duty_id, ask_id, 0, kind, at)


def _ctx(file: CaseFile, kind: Kind, subject: str, params: At | None = None) -> RenderContext:
    to_whom = None if kind is Kind.ROOM else "coordinator"
    notification = Notification(kind, subject, "case", to_whom, params=params)
    reader = file.persons[to_whom] if to_whom else None
    return RenderContext(file, notification, reader, words(Language.NB).read_at(NOW), NOW)


def _rows(text: str) -> dict[str, str]:
    """The text by agency: what stands from its name in bold on."""
    found = {}
    for block in text.split("\n*")[0:]:
        name, _, rest = block.lstrip("*").partition(":* ")
        found[name] = rest
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_everything_says_the_same(file: CaseFile) -> None:
    said = words(Language.NB)
    missing = {lack.involvement_id: lack.what for lack in lacks(file, NOW) if lack.involvement_id}
    waiting = {head.duty_id for head in heads(file, HELD)}
    to_ring = {standing.involvement.id for standing, _ in calls(file, HELD)}
    on_card = _ctx(file, Kind.ROOM, "case")
    the_card = shown(card(on_card))
    listed = listed_at(file, HELD, ())
    the_list = call_list(_ctx(file, Kind.CALL_LIST, HELD.id, At(listed))) if listed is not None else None
    rung = shown(the_list) if the_list is not None else ""
    home = shown(home_view(_home(file))["blocks"])
    count = turnout(standings(file, NOW))
    assert f"*{count.coming} kommer*" in the_card
    assert count.due + count.staying_away + count.expected == len(standings(file, NOW))
    assert count.coming == sum(s.state.comes for s in standings(file, NOW))
    for standing in standings(file, NOW):
        agency = file.agency_of(standing.involvement.id)
        row = _rows(the_card)[agency.shown_name]
        # whoever has not answered or not confirmed is among what is missing, and nobody else
        assert (standing.involvement.id in missing) is (standing.state not in AT_REST)
        # who is rung is missing, and stands in the list and in Home; numbers stand there alone
        assert standing.involvement.id in missing or standing.involvement.id not in to_ring
        assert agency.duty_line is not None
        assert agency.duty_line not in the_card
        if standing.involvement.id in to_ring:
            assert agency.duty_line in rung
        # to a coordinator Home has everybody's, for the day on which Slack is down
        assert agency.duty_line in home or standing.duty is None
        if standing.duty is None:
            assert standing.part is Standing.EXPECTED or standing.state is DutyState.NOT_OURS
            if standing.state is DutyState.NOT_OURS:
                assert row.startswith(said("card.not-ours"))
                assert said(f"not-ours.{standing.involvement.not_ours}") not in the_card
            continue
        assert row.startswith(said(f"duty.{standing.state}"))
        assert f"Neste møte: {said(f'duty.{standing.state}')}" in in_full(on_card, standing)
        # a chain goes on while somebody is waited for, and never when somebody comes
        decided_on = standing.state is DutyState.DEPUTY_AWAITS_APPROVAL  # in the place of one who is gone
        assert standing.duty.id not in waiting or standing.state.awaited or decided_on
        # the register fills in what was answered
        known = likely_attendance(file, HELD, standing.duty)
        if standing.state.comes:
            assert known in (Attendance.PRESENT, Attendance.DEPUTY_PRESENT)
        elif standing.state is DutyState.DECLINED:
            assert known is Attendance.ABSENT_WITH_NOTICE
        else:
            assert known in (None, Attendance.NOT_REACHED)


def _home(file: CaseFile) -> HomeModel:
    return home_model(
        file.persons["coordinator"],
        [file],
        [file.team],
        words=words(Language.NB).read_at(NOW),
        now=NOW,
        zone=ZoneInfo("Europe/Oslo"),
        all_teams=[file.team],
    )


@given(histories())
def test_nobody_learns_by_the_chain_whom_a_step_does_not_allow(file: CaseFile) -> None:
    for asked in heads(file, HELD):
        of_duty = {a.person_id for a in file.asks if a.duty_id == asked.duty_id}
        agency = file.agency_of_ask(asked)
        contacts = {c.person_id: c for c in file.contacts_of(agency.id)}
        standing = standing_at(file, file.duty(asked.duty_id))
        assert not standing.state.comes
        if asked.deputy_for is not None:
            assert {due.kind for due in chain(file, asked)} <= {StepKind.REMINDER, StepKind.COORDINATOR}
            continue
        for found in (next_contact(file, asked, NOW), leader(file, asked, NOW)):
            if found is None:
                continue
            assert contacts[found.person_id] == found
            assert file.reached_directly(found.person_id, standing.involvement.id)
            assert found.leader or found.person_id not in of_duty
    assert cast.AGENCIES["shelter"].reached_by_coordinator
    assert not any(
        next_contact(file, a, NOW) or leader(file, a, NOW)
        for a in heads(file, HELD)
        if file.agency_of_ask(a).id == "shelter"
    )
