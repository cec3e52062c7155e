"""What is told of a mail that does not get through, and of one that is somebody's only summons."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.case.calendar import CalendarEntry, Post, Trouble
from bot.domain.case.entities import Answer, Via
from bot.domain.notifications import Kind
from bot.usecases.answers import RecordAnswer, record_answer
from bot.usecases.calendar.delivery import invite_kept, invite_refused
from bot.usecases.involvement.acknowledgement import RecordAcknowledgement, record_acknowledgement
from tests.bot.usecases.calendar.test_delivery import PostRoom, brief, move, opened
from tests.bot.usecases.town import Town


async def test_an_outage_is_told_after_a_while_and_taken_back(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    ask = await town.ask(room.case_id, "officer")
    for minutes, told in ((0, False), (10, False), (10, True), (10, False)):
        town.clock.move(timedelta(minutes=minutes))
        letter = await room.take(ask.id)
        assert letter is not None
        await town.run(lambda uow, letter=letter: invite_kept(uow, letter, Trouble.UNREACHABLE))  # type: ignore[misc]
        assert (town.told(Kind.MAIL_WAITS) == {"coordinator"}) is told
    assert len(await room.post()) == 1
    (entry,) = await town.database.read(lambda uow: uow.find(CalendarEntry))
    assert (entry.trouble, entry.post, entry.sequence) == (None, Post.SENT, 0)


async def test_a_refused_address_is_told_once_and_not_tried_until_something_changes(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    letter = await room.take((await town.ask(room.case_id, "officer")).id)
    assert letter is not None
    await town.run(lambda uow: invite_refused(uow, letter.entry.id, 0))
    assert town.told(Kind.NOT_DELIVERED) == {"coordinator"}
    assert await room.post() == []
    await move(town, room.case_id)
    assert brief(await room.post()) == [("officer", 0, False)]


async def test_by_mail_alone_the_invite_is_the_summons(town: Town) -> None:
    case = await town.open("counsel", "police")
    room = PostRoom(town, case.id)
    assert (await town.ask(case.id, "lawyer")).told_via is None
    seat = await town.seat(case.id, "lawyer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    assert town.told(Kind.MAIL_INVITE) == {"lawyer"}
    assert brief(await room.post()) == [("lawyer", 0, False)]
    file, ask = await town.file(case.id), await town.ask(case.id, "lawyer")
    assert ask.told_via is Via.MAIL
    assert not file.must_be_called(ask)
    assert "lawyer" not in file.room_people()
    (entry,) = file.entries
    await town.run(lambda uow: invite_refused(uow, entry.id, 0))
    assert (await town.file(case.id)).must_be_called(await town.ask(case.id, "lawyer"))
    how = RecordAnswer(ask.id, Via.PHONE, Answer.CONFIRMED)
    await town.do(record_answer, "coordinator", how)
    assert (await town.ask(case.id, "lawyer")).answer is Answer.CONFIRMED
