"""Who is told what when a meeting moves and a case ends: nobody is dropped in silence."""

from __future__ import annotations

from email.message import EmailMessage
from zoneinfo import ZoneInfo

import aiohttp
from icalendar import Calendar
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.case.entities import Answer, DeclineReason, Via
from bot.domain.language import Language
from bot.domain.notification_params import At, Params
from bot.domain.notifications import Kind
from bot.texts.words import words
from bot.usecases.involvement.acknowledgement import RecordAcknowledgement, record_acknowledgement
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.meeting import CallMeeting, MoveMeeting, call_meeting, move_meeting
from bot.usecases.notifications import mail_notification
from bot.usecases.ports import Claim
from handlers.calendar import mail_invites
from handlers.delivery.mail import MailDelivery
from handlers.delivery.posting import Posting
from handlers.delivery.rooms import Rooms
from handlers.delivery.services import DeliveryServices
from handlers.delivery.slack_time import SlackTime
from tests.bot.cast import DAY, HOUR
from tests.bot.usecases.post_room import move, opened
from tests.bot.usecases.town import Town


class Letterbox:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def send(self, mail: EmailMessage) -> None:
        self.mails.append(mail)


async def test_whom_a_move_leaves_out_is_called_off_at_the_time_they_know(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    how = {"reason": DeclineReason.COURT, "deputy": "police:sergeant"}
    await town.answer(room.case_id, "officer", Answer.DECLINED, **how)
    await town.confirm(room.case_id, "sergeant")
    await room.post()
    await town.answer(room.case_id, "sergeant", Answer.DECLINED, reason=DeclineReason.COURT)
    told = (await town.meeting(room.case_id)).starts_at
    await move(town, room.case_id, 48 * HOUR)
    letterbox = Letterbox()
    mails = MailDelivery(letterbox, town.database, organizer="tot@bergen.example", counted=True)
    notification = mail_notification(await town.ask(room.case_id, "sergeant"))
    client = AsyncWebClient()
    async with aiohttp.ClientSession() as session:
        posting = Posting(client, session, town.database, town.clock, SlackTime(town.clock))
        rooms = Rooms(client, town.database)
        services = DeliveryServices(
            *(client, town.database, town.database.outbox, town.clock, posting, rooms),
            *("tot@bergen.example", Language.NB, mails),
        )
        await mail_invites(services, Claim(1, "op", notification, 1, 1, 1, town.clock.now()))
    (mail,) = letterbox.mails
    (calendar,) = [p.get_content() for p in mail.walk() if p.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(calendar).walk("VEVENT")
    assert (event["STATUS"], event.decoded("DTSTART")) == ("CANCELLED", told)
    text = mail.get_body(("plain",))
    assert text is not None
    assert words(Language.NB).full(told, ZoneInfo("Europe/Oslo")) in text.get_content()


async def test_who_has_not_confirmed_taushetsplikt_is_asked_by_a_new_message_for_each_new_time(
    town: Town,
) -> None:
    case = await town.open("police", "welfare", after=4 * DAY)
    seat, held = await town.seat(case.id, "officer"), await town.meeting(case.id)
    assert {i.params for i in town.left if i.kind is Kind.ACKNOWLEDGEMENT} == {None}
    await town.posted(case.id, Kind.ACKNOWLEDGEMENT, seat.id, "officer")
    await town.do(move_meeting, "coordinator", MoveMeeting(held.id, town.plan(5 * DAY)))
    moved = At(town.clock.now())
    assert _questions(town, "officer") == {None, moved}, "the old one goes, a new one comes"
    await town.posted(case.id, Kind.ACKNOWLEDGEMENT, seat.id, "officer", moved)
    await town.do(call_meeting, "coordinator", CallMeeting(case.id, town.plan(6 * DAY)))
    called = At(town.clock.now())
    assert _questions(town, "officer") == {None, moved, called}
    await town.confirm(case.id, "officer")
    assert _questions(town, "officer") >= {called}, "what stands says that it is done"


def _questions(town: Town, person_id: str) -> set[Params | None]:
    return {i.params for i in town.left if i.kind is Kind.ACKNOWLEDGEMENT and i.recipient == person_id}


async def test_at_the_end_nobody_is_left_without_a_word_and_the_coordinator_learns_whom_to_ring(
    town: Town,
) -> None:
    case = await town.open("police", "welfare", "counsel", "shelter")
    await town.confirm(case.id, "caseworker")
    await town.do(close_case, "coordinator", CloseCase(case.id))
    assert town.told(Kind.PART_OVER) == {"caseworker", "officer"}, "also who was only asked"
    assert town.told(Kind.CASE_CLOSED) == {None}, "the lawyer knows of nothing"
    other = await town.open("police", "counsel")
    lawyer = await town.seat(other.id, "lawyer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(lawyer.id, Via.PHONE))
    await town.do(close_case, "coordinator", CloseCase(other.id))
    assert town.told(Kind.CASE_CLOSED) == {None, "coordinator"}
