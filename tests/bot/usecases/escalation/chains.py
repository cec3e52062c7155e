"""Chains of escalation: time that passes, who was asked, which steps were taken."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.case.duty import EscalationStep, StepKind
from bot.domain.case.entities import Ask, Case
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact
from bot.domain.escalation import chain as escalation_chain
from bot.usecases.escalation import escalate
from tests.bot.usecases.invariants import always_holds
from tests.bot.usecases.town import Town

MINUTE = timedelta(minutes=1)
REMINDER, NEXT_CONTACT, LEADER, COORDINATOR = StepKind


async def pass_time(town: Town, case: Case, minutes: int) -> list[EscalationStep]:
    """So many minutes later every row of the plan that has fallen due is delivered; the steps taken."""
    town.clock.move(minutes * MINUTE)
    taken: list[EscalationStep] = []
    for _ in range(5):
        file = await town.file(case.id)
        due = [r.subject for r in escalation_chain.ahead(file) if r.due_at and r.due_at <= town.clock.now()]
        for subject in due:
            taken.extend(await town.run(lambda uow, id=subject: escalate(uow, id)))  # type: ignore[misc]
    file = await town.file(case.id)
    always_holds(file)
    return taken


def kinds(steps: list[EscalationStep]) -> list[tuple[StepKind, str | None]]:
    return [(s.kind, s.person_id) for s in steps]


def live(file: CaseFile, agency: str = "police") -> set[str]:
    """The persons whose asks stand for the agency at the latest meeting."""
    (duty,) = (
        d for d in file.duties_of(file.meetings[-1].id) if file.agency_of(d.involvement_id).id == agency
    )
    return {a.person_id for a in file.asks_of(duty.id)}


async def leaders_step(town: Town, case: Case) -> EscalationStep:
    return [s for s in (await town.file(case.id)).steps if s.kind is LEADER and s.person_id][-1]


async def change_contact(town: Town, contact_id: str, **facts: object) -> None:
    def change(uow: object) -> None:
        contact = uow.get(Contact, contact_id)  # type: ignore[attr-defined]
        uow.change(contact, **facts)  # type: ignore[attr-defined]

    await town.database.write(change)


async def asked_both(town: Town, *confirmed: str) -> tuple[Case, Ask, Ask]:
    """The officer does not answer, and the sergeant is asked as well; these have confirmed taushetsplikt."""
    case = await town.open("police", "health")
    await pass_time(town, case, 31)
    await town.confirm(case.id, *confirmed)
    return case, await town.ask(case.id, "officer"), await town.ask(case.id, "sergeant")
