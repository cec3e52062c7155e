"""Over any history card, Home, the call list, the chain and the register say the same of an agency."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.answers import standing_at, standings
from bot.domain.case.duty import EscalationStep, StepKind
from bot.domain.case.entities import Answer, Approval, Involvement, Phase, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import NotOurs
from bot.domain.escalation.chain import chain, heads, leader, next_contact
from bot.domain.language import Language
from bot.domain.notifications import Kind, Notification
from bot.texts.words import words
from handlers.blocks.context import RenderContext
from handlers.overview.agencies import in_full
from tests.bot import cast
from tests.bot.case_files import ask, case_file, deputy_seat, duty, meeting, part, seat
from tests.bot.cast import HOUR, T0
from tests.handlers.overview.agreement import contradictions

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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_everything_says_the_same(file: CaseFile) -> None:
    assert not contradictions(file, NOW)


@given(histories())
def test_what_is_opened_for_an_agency_says_what_the_card_says(file: CaseFile) -> None:
    said = words(Language.NB).read_at(NOW)
    on_card = RenderContext(file, Notification(Kind.ROOM, "case", "case", None), None, said, NOW)
    for standing in standings(file, NOW):
        if standing.duty is not None:
            assert f"Neste møte: {said(f'duty.{standing.state}')}" in in_full(on_card, standing)


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
