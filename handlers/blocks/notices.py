"""What has happened, said once: to the room, to the coordinators, or to the one it concerns."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.case import Answer, Approval, Meeting, Seat, SeatEnd
from bot.domain.case_file import CaseFile
from bot.domain.directory import Agency
from bot.domain.intents import REMINDERS, Kind
from bot.usecases.close_case import told_by_nobody
from handlers.blocks import phrases
from handlers.blocks.calls import how_to_reach
from handlers.blocks.elements import actions, button, lines, section
from handlers.blocks.scene import Block, Message, Scene
from handlers.blocks.summons import deputies_of, stands
from handlers.ids import ActionId


def _notice(short: str, text: str, *more: Block) -> Message:
    return Message(short, [section(text), *more])


def declined_alone(scene: Scene) -> Message | None:
    """To a coordinator: a forfall without a deputy. Goes away when it is mended. Subject: the ask."""
    file = scene.file
    ask = file.ask(scene.intent.subject)
    if ask is None or not phrases.for_coordinator(scene) or not stands(scene, ask):
        return None
    if ask.answer is not Answer.DECLINED or deputies_of(file, ask):
        return None
    text = scene.words(
        "notice.declined-alone",
        agency=scene.agency(file.agency_of_ask(ask)),
        person=phrases.asked_one(scene, ask),
        code=phrases.code(scene),
        when=phrases.when(scene, file.meeting(ask.meeting_id)),
        reason=phrases.reason(scene.words, ask),
    )
    return _notice(scene.words("notice.declined-alone-short"), lines(text, how_to_reach(scene, ask)))


def part_over(scene: Scene) -> Message | None:
    """To somebody whose part is over: neutral, for the case is no longer theirs. Subject: the involvement."""
    file, reader = scene.file, scene.recipient
    involvement = phrases.involvement_of(scene, scene.intent.subject)
    if involvement is None or reader is None:
        return None
    seats = [s for s in file.seats if s.person_id == reader.id and s.involvement_id == involvement.id]
    if not seats or any(s.live for s in seats) or not file.reached_directly(reader.id, involvement.id):
        return None
    if reader.id in file.room_people():
        key = "notice.part-over-still"
    elif any(s.acknowledged_at is not None for s in seats):
        key = "notice.part-over"
    else:
        key = "notice.part-over-asked"
    named = {"team": phrases.team(scene), "coordinator": phrases.coordinator(scene)}
    if key == "notice.part-over":
        named["calendar"] = _calendar_of_part(scene, reader.id, seats)
    return _notice(scene.words("notice.part-over-short"), scene.words(key, **named))


def _calendar_of_part(scene: Scene, reader: str, seats: list[Seat]) -> str:
    """How meetings that were ahead when the part ended leave the calendar; nothing without any."""
    file, parts = scene.file, {s.involvement_id for s in seats}
    ended = max(s.ended_at for s in seats if s.ended_at is not None)
    ahead = any(
        a.person_id == reader
        and file.duty(a.duty_id).involvement_id in parts
        and a.withdrawn_at is not None
        and a.withdrawn_at >= ended
        and file.meeting(a.meeting_id).starts_at > ended
        for a in file.asks
    )
    if not ahead:
        return ""
    key = "entry.by-mail" if phrases.told_by_mail(file, reader) else "entry.part-by-hand"
    return f" {scene.words(key)}"


def agency_left(scene: Scene) -> Message | None:
    """To the room: that an agency's part is over, and no more. Subject: the involvement."""
    involvement = phrases.involvement_of(scene, scene.intent.subject)
    if involvement is None or involvement.ended_at is None or scene.recipient is not None:
        return None
    agency = scene.agency(scene.file.agency_of(involvement.id))
    return _notice(scene.words("notice.agency-left-short"), scene.words("notice.agency-left", agency=agency))


def meeting_moved(scene: Scene) -> Message | None:
    """To the room: the new time and place; an older move's message goes. Subject: the meeting.

    To who was its deputy: that they need not come. The mark then has the start that they knew, in seconds.
    To a coordinator: that a deputy has to hear it from them. The mark then has the deputy's ask as well.
    """
    meeting = phrases.meeting_of(scene, scene.intent.subject)
    if meeting is not None and scene.recipient is not None and scene.intent.mark.count(".") > 1:
        return _moved_to_ring(scene, meeting)
    if meeting is not None and scene.recipient is not None:
        return _moved_without(scene, meeting, scene.recipient.id)
    if meeting is None or meeting.cancelled_at is not None:
        return None
    if scene.intent.mark != str(meeting.sequence):
        return None
    place = phrases.where(scene, meeting)
    mailed = phrases.told_by_mail(scene.file, None)
    calendar = scene.words("entry.moved-by-mail" if mailed else "entry.moved-by-hand")
    when = phrases.span(scene, meeting)
    text = scene.words("notice.meeting-moved", when=when, where=place, calendar=calendar)
    return _notice(scene.words("notice.meeting-moved-short", when=phrases.when(scene, meeting)), text)


def _moved_without(scene: Scene, meeting: Meeting, reader: str) -> Message | None:
    file, start = scene.file, scene.intent.mark.partition(".")[2]
    asks = [a for a in file.asks if a.meeting_id == meeting.id and a.person_id == reader]
    was_deputy = any(a.deputy_for is not None and a.approval is Approval.APPROVED for a in asks)
    if not file.open or not start.isdecimal() or not was_deputy or any(a.live for a in asks):
        return None
    when = scene.words.when(datetime.fromtimestamp(int(start), UTC), scene.zone)
    calendar = scene.words("entry.by-mail" if phrases.told_by_mail(file, reader) else "entry.by-hand")
    text = scene.words("notice.meeting-moved-deputy", when=when, calendar=calendar)
    return _notice(scene.words("notice.meeting-moved-deputy-short", when=when), text)


def _moved_to_ring(scene: Scene, meeting: Meeting) -> Message | None:
    file = scene.file
    _, start, ask_id = scene.intent.mark.split(".", 2)
    ask = file.ask(ask_id)
    if ask is None or (ask.meeting_id, ask.deputy_for is None) != (meeting.id, False):
        return None
    again = any(a.live for a in file.asks if (a.duty_id, a.person_id) == (ask.duty_id, ask.person_id))
    if not file.open or not phrases.for_coordinator(scene) or not start.isdecimal() or again:
        return None
    when = scene.words.when(datetime.fromtimestamp(int(start), UTC), scene.zone)
    text = scene.words(
        "notice.meeting-moved-ring",
        when=when,
        code=phrases.code(scene),
        agency=scene.agency(file.agency_of_ask(ask)),
        person=phrases.asked_one(scene, ask),
    )
    short = scene.words("notice.meeting-moved-ring-short")
    return _notice(short, lines(text, how_to_reach(scene, ask)))


def meeting_cancelled(scene: Scene) -> Message | None:
    """To the room and to each who was asked: nobody has to come. Subject: the meeting.

    A deputy's seat ends with the meeting, so that they are told the time alone, which they were told before.
    """
    file, reader = scene.file, scene.recipient
    meeting = phrases.meeting_of(scene, scene.intent.subject)
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
    when = phrases.when(scene, meeting)
    by_mail = "entry.room-by-mail" if reader is None else "entry.by-mail"
    mailed = phrases.told_by_mail(file, reader.id if reader is not None else None)
    calendar = scene.words(by_mail if mailed else "entry.by-hand")
    text = scene.words(key, when=when, code=phrases.code(scene), calendar=calendar)
    return _notice(scene.words("notice.meeting-cancelled-short", when=when), text)


def _was_deputy(file: CaseFile, person_id: str, meeting_id: str) -> bool:
    return any(
        s.person_id == person_id and s.meeting_id == meeting_id and s.end is SeatEnd.NOT_NEEDED
        for s in file.seats
    )


def case_closed(scene: Scene) -> Message | None:
    """To the room: closed, and when it is deleted. To a coordinator: whom to tell. Subject: the case."""
    case = scene.file.case
    if not _is_this_case(scene) or case.closed_at is None or case.delete_on is None:
        return None
    if scene.recipient is not None:
        return _closed_to_tell(scene)
    day = scene.words.day(case.delete_on)
    text = scene.words("notice.case-closed", day=day[:1].upper() + day[1:])
    return _notice(scene.words("notice.case-closed-short"), text)


def _closed_to_tell(scene: Scene) -> Message | None:
    parts = told_by_nobody(scene.file)
    if not parts or not phrases.for_coordinator(scene):
        return None
    named = {"code": phrases.code(scene), "agencies": phrases.names(scene, parts)}
    text = scene.words("notice.case-closed-tell", **named)
    return _notice(scene.words("notice.case-closed-tell-short"), text)


def deletion_soon(scene: Scene) -> Message | None:
    """To a coordinator: what others have written in the room goes only by hand. Subject: the case."""
    case = scene.file.case
    if not _is_this_case(scene) or case.delete_on is None or not phrases.for_coordinator(scene):
        return None
    named = {"code": phrases.code(scene), "day": scene.words.day(case.delete_on)}
    text = lines(scene.words("notice.deletion-soon", **named), _way(scene))
    return _notice(scene.words("notice.deletion-soon-short"), text)


def intruder(scene: Scene) -> Message | None:
    """To a coordinator, loudly: someone without a right came into the room. Subject: the case."""
    if not _is_this_case(scene) or not phrases.for_coordinator(scene):
        return None
    text = scene.words("notice.intruder", code=phrases.code(scene))
    return _notice(scene.words("notice.intruder-short"), lines(text, _way(scene)))


def kick_refused(scene: Scene) -> Message | None:
    """To the room and a coordinator, loudly: Slack refuses the removal. Goes when they are out."""
    if not _is_this_case(scene) or not scene.file.room.kick_refused:
        return None
    short = scene.words("notice.kick-refused-short")
    if scene.recipient is None:
        return _notice(short, scene.words("notice.kick-refused-room"))
    if not phrases.for_coordinator(scene):
        return None
    return _notice(short, lines(scene.words("notice.kick-refused", code=phrases.code(scene)), _way(scene)))


def _is_this_case(scene: Scene) -> bool:
    return scene.intent.subject == scene.file.case.id


def _way(scene: Scene) -> str | None:
    found = phrases.room(scene, scene.recipient.id) if scene.recipient is not None else None
    return scene.words("said.room", room=found) if found else None


def seat_left(scene: Scene) -> Message | None:
    """To a seat holder who has left the room: is the part over? Goes when answered. Subject: the seat."""
    file, reader = scene.file, scene.recipient
    seat = file.seat(scene.intent.subject)
    if seat is None or reader is None or seat.person_id != reader.id:
        return None
    if reader.id not in file.room_people() or reader.id in file.room.members:
        return None
    if not seat.confirmed or not file.open:
        return None
    return _notice(
        scene.words("notice.seat-left-short"),
        scene.words("notice.seat-left", code=phrases.code(scene)),
        actions(
            button(scene.words("press.left-stays"), ActionId.LEFT_STAYS, seat.id),
            button(scene.words("press.left-over"), ActionId.LEFT_OVER, seat.id),
        ),
    )


def not_delivered(scene: Scene) -> Message | None:
    """To a coordinator: something will not arrive. Subject: that of what did not arrive.

    The mark is «kind.mark.recipient» of what did not arrive.
    """
    if not phrases.for_coordinator(scene):
        return None
    kind, _, rest = scene.intent.mark.partition(".")
    person_id = rest.rpartition(".")[2]
    named = {"what": scene.words(f"undelivered.{_what(kind)}"), "code": phrases.code(scene)}
    short = scene.words("notice.not-delivered-short")
    if person_id == "room":
        return _notice(short, scene.words("notice.not-delivered-room", **named))
    agency = _agency_of_subject(scene)
    if agency is None:
        if person_id not in scene.file.persons:
            return None
        person = phrases.mention(scene.file, person_id) or scene.words("person.unknown")
        return _notice(short, scene.words("notice.not-delivered-person", person=person, **named))
    person = phrases.contact(scene, person_id, agency)
    by_mail = "-mail" if kind == Kind.MAIL_INVITE else ""
    text = scene.words(f"notice.not-delivered{by_mail}", person=person, agency=scene.agency(agency), **named)
    return _notice(short, lines(text, phrases.duty_line(scene, agency)))


def _what(kind: str) -> str:
    if kind in REMINDERS or kind == Kind.UNANSWERED:
        return "reminder"
    return kind if kind in ("acknowledgement", "summons", "invite") else "other"


def _agency_of_subject(scene: Scene) -> Agency | None:
    file, subject = scene.file, scene.intent.subject
    ask, seat = file.ask(subject), file.seat(subject)
    if ask is not None:
        return file.agency_of_ask(ask)
    step = next((s for s in file.steps if s.id == subject), None)
    if step is not None:
        return file.agency_of(file.duty(step.duty_id).involvement_id)
    involvement_id = seat.involvement_id if seat is not None else subject
    involvement = phrases.involvement_of(scene, involvement_id)
    return file.agency_of(involvement.id) if involvement is not None else None
