"""Guidance asked for in the room of a case: the case's own, between the one who asks and its coordinators."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.case.entities import Case
from bot.domain.case.guidance import CaseQuestion
from bot.domain.errors import CaseIsClosed, Invalid, NoLongerAsked, NotAllowed, TooManyAsked
from bot.domain.guidance import Guidance, due_in_case
from bot.domain.notification_params import Revision
from bot.domain.notifications import Kind
from bot.domain.outside import MOST_OPEN
from bot.domain.overview import reminder_plan
from bot.usecases.guidance import (
    AnswerInCase,
    AskInCase,
    answer_in_case,
    ask_in_case,
    see_askable_here,
)
from bot.usecases.involvement.agencies import ReleaseAgency, release_agency
from bot.usecases.lifecycle.closing import CloseCase, begin_erasing, close_case, forget_case
from bot.usecases.ports import UnitOfWork
from storage.crypto.keyring import Erased, case_scope
from tests.bot.cast import DAY
from tests.bot.usecases.town import Town
from tests.storage.test_stolen import dump

TEXT = "Hvem varsler vi om at saken er i arbeidsfasen?"


async def asked(town: Town) -> tuple[Case, CaseQuestion]:
    """The officer, who is in the room, has asked; so have the police and child welfare confirmed."""
    case = await town.open("police", "welfare", "social")
    await town.confirm(case.id, "officer", "caseworker")
    await town.do(ask_in_case, "officer", AskInCase(case.id, TEXT))
    (question,) = (await town.file(case.id)).questions
    return case, question


async def test_it_goes_to_the_cases_coordinators_and_to_no_table_of_guidance(anywhere: Town) -> None:
    town = anywhere
    before = (await town.dump())["guidances"]
    case, question = await asked(town)
    assert (question.asker, question.text, question.answer) == ("officer", TEXT, None)
    assert town.told(Kind.CASE_QUESTION) == {"coordinator"}, "not one who has not confirmed taushetsplikt"
    about = {(i.kind, i.recipient) for i in town.left if i.subject == question.id}
    assert about == {(Kind.CASE_QUESTION, "coordinator"), (Kind.CASE_QUESTION_WAITS, "coordinator")}
    rows = await town.dump()
    assert rows["guidances"] == before == []
    assert await town.database.read(lambda uow: uow.find(Guidance)) == []
    # Who asked and what is sealed with the case's key: the row tells the case, the time and a count.
    (row,) = rows["case_questions"]
    assert [value for value in row if not isinstance(value, bytes)][:2] == [question.id, case.id]
    assert TEXT not in str(row)


@pytest.mark.parametrize("actor", ["stranger", "deputy-coordinator", "both", "sergeant"])
async def test_only_those_in_the_room_ask_and_only_its_coordinators_answer(town: Town, actor: str) -> None:
    case, question = await asked(town)
    before = await town.dump()
    with pytest.raises(NotAllowed):
        await town.do(ask_in_case, actor, AskInCase(case.id, TEXT))
    for who in (actor, "officer", "caseworker"):
        for id in (question.id, "no-such-question"):
            with pytest.raises(NotAllowed) as refused:
                await town.do(answer_in_case, who, AnswerInCase(id, "svar"))
            assert str(refused.value) == "refused.not-allowed"
    assert await town.dump() == before


async def test_the_room_is_known_by_where_it_is_asked(town: Town) -> None:
    case, _ = await asked(town)

    def named(uow: UnitOfWork) -> None:
        file = uow.case_file(case.id)
        assert file is not None
        uow.change(file.room, channel_id="C1")

    async def here(who: str, channel: str) -> str | None:
        def see(uow: UnitOfWork) -> str | None:
            person = uow.person_by_slack(f"U-{who}")
            assert person is not None
            found = see_askable_here(uow, person, channel)
            return found.file.case.id if found is not None else None

        return await town.run(see)

    await town.run(named)
    assert await here("officer", "C1") == case.id
    assert await here("officer", "C2") is None
    assert await here("stranger", "C1") is None
    await town.do(close_case, "coordinator", CloseCase(case.id))
    with pytest.raises(CaseIsClosed):
        await here("coordinator", "C1")


async def test_the_answer_goes_to_the_one_who_asked_and_a_second_takes_its_place(anywhere: Town) -> None:
    town = anywhere
    case, question = await asked(town)
    for number, text in enumerate(("Ring vakten.", "Ring koordinatoren."), 1):
        await town.do(answer_in_case, "coordinator", AnswerInCase(question.id, text))
        told = [(i.recipient, i.params) for i in town.left if i.kind is Kind.CASE_ANSWER]
        assert told == [("officer", Revision(number))]
        (question,) = (await town.file(case.id)).questions
        assert (question.answer, question.answers, question.answered_by) == (text, number, "coordinator")


async def test_what_is_promised_is_reminded_of_once(town: Town) -> None:
    case, question = await asked(town)
    file = await town.file(case.id)
    (reminder,) = [i for i in reminder_plan.plan(file) if i.kind is Kind.CASE_QUESTION_WAITS]
    assert (reminder.recipient, reminder.due_at) == ("coordinator", due_in_case(file, question))
    await town.do(answer_in_case, "coordinator", AnswerInCase(question.id, "svar"))
    assert not reminder_plan.still_planned(await town.file(case.id), reminder)


async def test_who_has_left_is_not_answered_and_waits_for_nothing(town: Town) -> None:
    case, question = await asked(town)
    part = (await town.file(case.id)).involvement_of_agency("police")
    assert part is not None
    await town.do(release_agency, "coordinator", ReleaseAgency(part.id))
    with pytest.raises(NoLongerAsked):
        await town.do(answer_in_case, "coordinator", AnswerInCase(question.id, "svar"))
    kinds = {i.kind for i in reminder_plan.plan(await town.file(case.id))}
    assert Kind.CASE_QUESTION_WAITS not in kinds


async def test_it_is_guarded_and_so_many_wait(town: Town) -> None:
    case, _ = await asked(town)
    for text in ("", "Ring 41 23 45 67"):
        with pytest.raises(Invalid):
            await town.do(ask_in_case, "officer", AskInCase(case.id, text))
    for _ in range(MOST_OPEN - 1):
        await town.do(ask_in_case, "officer", AskInCase(case.id, TEXT))
    with pytest.raises(TooManyAsked):
        await town.do(ask_in_case, "officer", AskInCase(case.id, TEXT))
    await town.do(ask_in_case, "caseworker", AskInCase(case.id, TEXT))


async def test_after_the_purge_nothing_of_it_is_left(
    anywhere: Town, database_url: str, tmp_path: Path
) -> None:
    town = anywhere
    case, question = await asked(town)
    await town.do(answer_in_case, "coordinator", AnswerInCase(question.id, "Ring vakten."))
    there = dump(database_url, tmp_path)
    assert question.id.encode() in there, "so what is there is found"
    assert TEXT.encode() not in there
    await town.do(close_case, "coordinator", CloseCase(case.id))
    town.clock.move(60 * DAY)
    assert await town.run(lambda uow: begin_erasing(uow, case.id)) is not None
    await town.run(lambda uow: forget_case(uow, case.id))
    (tmp_path / "night.db").unlink(missing_ok=True)
    rows = await town.dump()
    assert rows["case_questions"] == []
    assert rows["guidances"] == []
    with pytest.raises(Erased):
        town.database.keyring.keys(case_scope(case.id), 1)
    assert question.id.encode() not in dump(database_url, tmp_path)
