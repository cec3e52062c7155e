"""Messages about a meeting: moved, called off, soon, missing, proposed."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.answers import DutyState, duty_state
from bot.domain.case.entities import Answer, Approval, Duty, Meeting, Phase, SeatEnd
from bot.domain.case.file import CaseFile
from bot.domain.meeting import last_of_rhythm, proposed_time
from handlers.answers.messages import answering, how_to_reach, may_see
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, Scene
from handlers.blocks.elements import actions, bullets, button, lines, section
from handlers.blocks.formatting import short_message
from handlers.slack.ids import ActionId


def meeting_moved(scene: Scene) -> Message | None:
    """To the room: the new time and place; an older move's message goes. Subject: the meeting.

    To who was its deputy: that they need not come. The mark then has the start that they knew, in seconds.
    To a coordinator: that a deputy has to hear it from them. The mark then has the deputy's ask as well.
    """
    meeting = formatting.meeting_of(scene, scene.intent.subject)
    if meeting is not None and scene.recipient is not None and scene.intent.mark.count(".") > 1:
        return _moved_to_ring(scene, meeting)
    if meeting is not None and scene.recipient is not None:
        return _moved_without(scene, meeting, scene.recipient.id)
    if meeting is None or meeting.cancelled_at is not None:
        return None
    if scene.intent.mark != str(meeting.sequence):
        return None
    place = formatting.where(scene, meeting)
    mailed = formatting.told_by_mail(scene.file, None)
    calendar = scene.words("entry.moved-by-mail" if mailed else "entry.moved-by-hand")
    when = formatting.span(scene, meeting)
    text = scene.words("notice.meeting-moved", when=when, where=place, calendar=calendar)
    return short_message(
        scene.words("notice.meeting-moved-short", when=formatting.when(scene, meeting)), text
    )


def _moved_without(scene: Scene, meeting: Meeting, reader: str) -> Message | None:
    file, start = scene.file, scene.intent.mark.partition(".")[2]
    asks = [a for a in file.asks if a.meeting_id == meeting.id and a.person_id == reader]
    was_deputy = any(a.deputy_for is not None and a.approval is Approval.APPROVED for a in asks)
    if not file.open or not start.isdecimal() or not was_deputy or any(a.live for a in asks):
        return None
    when = scene.words.when(datetime.fromtimestamp(int(start), UTC), scene.zone)
    calendar = scene.words("entry.by-mail" if formatting.told_by_mail(file, reader) else "entry.by-hand")
    text = scene.words("notice.meeting-moved-deputy", when=when, calendar=calendar)
    return short_message(scene.words("notice.meeting-moved-deputy-short", when=when), text)


def _moved_to_ring(scene: Scene, meeting: Meeting) -> Message | None:
    file = scene.file
    _, start, ask_id = scene.intent.mark.split(".", 2)
    ask = file.ask(ask_id)
    if ask is None or (ask.meeting_id, ask.deputy_for is None) != (meeting.id, False):
        return None
    again = any(a.live for a in file.asks if (a.duty_id, a.person_id) == (ask.duty_id, ask.person_id))
    if not file.open or not formatting.for_coordinator(scene) or not start.isdecimal() or again:
        return None
    when = scene.words.when(datetime.fromtimestamp(int(start), UTC), scene.zone)
    text = scene.words(
        "notice.meeting-moved-ring",
        when=when,
        code=formatting.code(scene),
        agency=scene.agency(file.agency_of_ask(ask)),
        person=formatting.asked_one(scene, ask),
    )
    short = scene.words("notice.meeting-moved-ring-short")
    return short_message(short, lines(text, how_to_reach(scene, ask)))


def meeting_cancelled(scene: Scene) -> Message | None:
    """To the room and to each who was asked: nobody has to come. Subject: the meeting.

    A deputy's seat ends with the meeting, so that they are told the time alone, which they were told before.
    """
    file, reader = scene.file, scene.recipient
    meeting = formatting.meeting_of(scene, scene.intent.subject)
    if meeting is None or meeting.cancelled_at is None:
        return None
    if reader is None:
        key = "notice.meeting-cancelled-room"
    elif not file.open:
        return None
    elif reader.id in file.room_people():
        key = "notice.meeting-cancelled"
    elif _was_deputy(file, reader.id, meeting.id):
        key = "notice.meeting-cancelled-deputy"
    else:
        return None
    when = formatting.when(scene, meeting)
    by_mail = "entry.room-by-mail" if reader is None else "entry.by-mail"
    mailed = formatting.told_by_mail(file, reader.id if reader is not None else None)
    calendar = scene.words(by_mail if mailed else "entry.by-hand")
    text = scene.words(key, when=when, code=formatting.code(scene), calendar=calendar)
    return short_message(scene.words("notice.meeting-cancelled-short", when=when), text)


def _was_deputy(file: CaseFile, person_id: str, meeting_id: str) -> bool:
    return any(
        s.person_id == person_id and s.meeting_id == meeting_id and s.end is SeatEnd.NOT_NEEDED
        for s in file.seats
    )


def meeting_soon(scene: Scene) -> Message | None:
    """Before a meeting: to a contact their own part, to a coordinator who comes. Subject: the meeting."""
    file, reader = scene.file, scene.recipient
    meeting = formatting.meeting_of(scene, scene.intent.subject)
    if meeting is None or reader is None or not meeting.live or meeting.starts_at <= scene.now:
        return None
    own = [
        a
        for a in file.asks
        if a.meeting_id == meeting.id
        and a.person_id == reader.id
        and a.answer is not Answer.DECLINED
        and may_see(scene, a)
    ]
    coordinates = formatting.for_coordinator(scene) and file.open
    if not own and not coordinates and not file.is_liaison(reader.id):
        return None
    blocks = [
        section(scene.words("reminder.soon", code=formatting.code(scene))),
        section(lines(formatting.occasion(scene, meeting), formatting.agenda(scene, meeting))),
    ]
    if coordinates:
        blocks.append(section(_agencies(scene, file.duties_of(meeting.id))))
    for ask in own:
        state = "unanswered" if ask.answer is None else "confirmed"
        blocks.append(section(scene.words(f"reminder.soon-{state}")))
        blocks.extend(answering(scene, ask, meeting)[1:])
    return Message(scene.words("reminder.soon-short", when=formatting.when(scene, meeting)), blocks)


def _agencies(scene: Scene, duties: list[Duty]) -> str:
    order = list(DutyState)
    by_state = sorted(duties, key=lambda d: order.index(duty_state(scene.file, d)))
    listed = [
        scene.words(
            "reminder.soon-agency",
            agency=scene.agency(scene.file.agency_of(duty.involvement_id)),
            duty=scene.words(f"duty.{duty_state(scene.file, duty)}"),
        )
        for duty in by_state
    ]
    return scene.words("reminder.soon-agencies", lines=bullets(listed, most=2500))


def no_meeting_ahead(scene: Scene) -> Message | None:
    """To a coordinator: an acute case has no meeting close enough ahead. Subject: the case."""
    case = scene.file.case
    if scene.intent.subject != case.id or not formatting.for_coordinator(scene):
        return None
    if not scene.file.open or case.phase is not Phase.ACUTE:
        return None
    days = scene.file.team.rules.acute_meeting_within_days
    text = scene.words.count("reminder.no-meeting", days, code=formatting.code(scene))
    return Message(scene.words("reminder.no-meeting-short"), [section(text), actions(next_meeting(scene))])


def next_meeting(scene: Scene) -> Block:
    return button(scene.words("press.next-meeting"), ActionId.NEXT_MEETING, scene.file.case.id)


def meeting_proposed(scene: Scene) -> Message | None:
    """To a coordinator: when the next meeting would be. Goes when it is called. Subject: the last."""
    file, words = scene.file, scene.words
    last = last_of_rhythm(file, scene.now)
    if last is None or last.id != scene.intent.subject or not formatting.for_coordinator(scene):
        return None
    at = proposed_time(file, last, scene.now)
    if at is None or file.case.rhythm is None:
        return None
    text = words(
        "phases.proposed",
        code=formatting.code(scene),
        rhythm=words(f"rhythm.{file.case.rhythm}"),
        when=words.when(at, scene.zone),
    )
    call = button(words("press.proposed-meeting"), ActionId.PROPOSED_MEETING, last.id, primary=True)
    return Message(words("phases.proposed-short"), [section(text), actions(call)])
