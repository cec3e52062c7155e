"""How the rows about being on record, and about guidance in the room of a case, are tried."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action
from bot.domain.case.entities import Case, Involvement
from bot.domain.case.guidance import CaseQuestion
from bot.domain.guidance import Guidance
from handlers import on_record
from handlers.guidance import in_case
from handlers.lifecycle import unrecorded
from tests.e2e import kit
from tests.handlers.access.check import OTHERS, Trial
from tests.handlers.access.checks_duty import begins
from tests.handlers.access.checks_lifecycle import NOT_THEIRS, OUTSIDE_ROOM, all_chosen, chosen, part
from tests.handlers.access.workspace import Court

QUESTION = {"value": "Hvem varsler vi om at saken er i arbeidsfasen?"}


async def held(court: Court) -> str:
    """The meeting has been held and registered, and child welfare is in the room too; the police's part."""
    await begins(court)
    await court.runner.later(hours=2)
    await court.command("koordinator", "/tot oppmøte", fill=("treated",))
    return await part(court, "politi")


async def recorded(court: Court, part_id: str) -> bool:
    found = await court.bot.database.read(lambda uow: uow.get(Involvement, part_id))
    return found is not None and found.on_record is not None


async def put_on_record(court: Court) -> None:
    """An agency's own people, once it is closed; a coordinator for any of them."""
    police, case_id = await held(court), await court.case_id()
    await court.command("koordinator", "/tot lukk")
    await court.press(
        "koordinator", on_record.RECORDS, value=case_id, refused=OTHERS, recorded=all_chosen(police)
    )
    assert await recorded(court, police)
    await court.press("politi-exit", on_record.TAKE_OFF_RECORD, value=police, opens=False)
    await court.press("politi-exit", on_record.PUT_ON_RECORD, value=police, refused=NOT_THEIRS, opens=False)
    assert await recorded(court, police)


async def take_off_record(court: Court) -> None:
    """The same."""
    police, off = await held(court), on_record.TAKE_OFF_RECORD
    await court.command("koordinator", "/tot lukk")
    await court.press("politi-exit", on_record.PUT_ON_RECORD, value=police, opens=False)
    await court.press("politi-exit", off, value=police, refused=NOT_THEIRS, opens=False)
    await court.press("politi-exit", on_record.PUT_ON_RECORD, value=police, opens=False)
    value, undone = await court.case_id(), all_chosen(police)
    await court.press("koordinator", on_record.RECORDS, value=value, refused=OTHERS, undone=undone)
    assert not await recorded(court, police)


async def delete_unrecorded(court: Court) -> None:
    """A coordinator who has confirmed, once its date has come."""
    await held(court)
    value = await court.case_id()
    await court.command("koordinator", "/tot lukk")
    await court.runner.later(days=31)
    assert court.room in kit.rooms(court.sandbox)
    delete = unrecorded.DELETE_UNRECORDED
    await court.press("koordinator", delete, value=value, refused=OTHERS, reason=chosen("no_answer"))
    (case,) = await court.bot.database.read(lambda uow: uow.find(Case))
    assert case.purged_at is not None


async def ask_in_case(court: Court) -> None:
    """For everybody in the room; others find the form of all behind the same word, and send this one."""
    await court.asks_for(
        "politi-exit", "/tot veiledning", in_=court.room, refused=OUTSIDE_ROOM, text=QUESTION
    )
    (question,) = await court.bot.database.read(lambda uow: uow.find(CaseQuestion))
    assert question.text == QUESTION["value"]
    assert await court.bot.database.read(lambda uow: uow.find(Guidance)) == []


async def answer_in_case(court: Court) -> None:
    """A coordinator who has confirmed; the one who asked gets the answer, and nobody else in the room."""
    await kit.confirm(court.runner, "barnevern")
    await court.asks_for("politi-exit", "/tot veiledning", in_=court.room, text=QUESTION)
    answer = {"value": "Ring vaktlinjen."}
    refused = ("barnevern", *OTHERS)
    await court.press("koordinator", in_case.ANSWER_IN_CASE, refused=refused, text=answer)
    await court.person("politi-exit").sees("Ring vaktlinjen.", in_="tot-bot")
    barnevern = court.person("barnevern")
    for text in (QUESTION["value"], "Ring vaktlinjen."):
        assert not any(text in m.text for place in ("tot-bot", court.room) for m in barnevern.messages(place))


RECORD: Mapping[Action, Trial] = {
    Action.PUT_ON_RECORD: Trial(put_on_record, "put_on_record records form records"),
    Action.TAKE_OFF_RECORD: Trial(take_off_record, "take_off_record records form records"),
    Action.DELETE_UNRECORDED: Trial(delete_unrecorded, "delete_unrecorded form delete_unrecorded"),
    Action.ASK_IN_CASE: Trial(ask_in_case, "form ask_in_case"),
    Action.ANSWER_IN_CASE: Trial(answer_in_case, "answer_in_case form answer_in_case"),
}
