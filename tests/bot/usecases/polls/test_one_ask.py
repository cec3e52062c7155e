"""Several times for one meeting are one duty and one ask: to the chain, the calendar and the report."""

from __future__ import annotations

from collections import Counter

from bot.domain.case.duty import Measure
from bot.domain.case.entities import Via
from bot.domain.escalation import chain
from bot.domain.notifications import Kind
from bot.domain.report.figures import tally
from bot.usecases.involvement.acknowledgement import RecordAcknowledgement, record_acknowledgement
from tests.bot.usecases.polls.times import DEPUTY, calls, propose, taps, working
from tests.bot.usecases.town import Town

AGENCIES = ("police", "welfare", "social")
PEOPLE = ("officer", "caseworker", "both")


async def test_the_report_counts_each_duty_once(town: Town) -> None:
    case_id = await working(town, *AGENCIES, confirmed=PEOPLE)
    poll = await propose(town, case_id, 1, 2)
    for at in poll.starts:
        await taps(town, poll, "officer", at)
    await taps(town, poll, "both", poll.starts[0], DEPUTY)
    await calls(town, poll, poll.starts[0])
    await town.register(case_id)
    counted: Counter[tuple[str, Measure]] = Counter()
    for (agency_id, _, measure), number in tally(await town.file(case_id)).items():
        counted[agency_id, measure] += number
    assert [counted[agency, Measure.SUMMONED] for agency in AGENCIES] == [1, 1, 1]
    # What was there before the call was given at the call; the others have not answered it.
    assert counted["police", Measure.ANSWERED_IN_15_MINUTES] == 1
    assert counted["police", Measure.CONFIRMED_IN_TIME] == 1
    assert [counted[agency, Measure.NOT_ANSWERED] for agency in AGENCIES] == [0, 1, 1]


async def test_no_chain_runs_before_the_call_and_one_for_each_silent_service_after_it(town: Town) -> None:
    case_id = await working(town, *AGENCIES, confirmed=PEOPLE)
    before = {row.key for row in chain.ahead(await town.file(case_id))}
    poll = await propose(town, case_id)
    await taps(town, poll, "officer", poll.starts[0])
    file = await town.file(case_id)
    assert {row.key for row in chain.ahead(file)} <= before
    meeting = await calls(town, poll, poll.starts[0])
    file = await town.file(case_id)
    heads = [file.agency_of_ask(ask).id for ask in chain.heads(file, file.meeting(meeting.id))]
    assert sorted(heads) == ["social", "welfare"]


async def test_no_calendar_hears_of_a_time_before_it_is_called(town: Town) -> None:
    case_id = await working(town, *AGENCIES, "counsel", confirmed=PEOPLE)
    seat = await town.seat(case_id, "lawyer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    poll = await propose(town, case_id)
    asked = {ask.id for ask in (await town.file(case_id)).asks}
    told = {i.subject for i in town.left if i.kind in (Kind.INVITE, Kind.MAIL_INVITE)}
    await taps(town, poll, "officer", poll.starts[0])
    told |= {i.subject for i in town.left if i.kind in (Kind.INVITE, Kind.MAIL_INVITE)}
    assert told <= asked
    meeting = await calls(town, poll, poll.starts[0])
    of_meeting = {ask.id for ask in (await town.file(case_id)).asks if ask.meeting_id == meeting.id}
    told = {i.subject for i in town.left if i.kind in (Kind.INVITE, Kind.MAIL_INVITE)}
    assert of_meeting <= told
