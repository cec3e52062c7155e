"""The question of taushetsplikt, and messages about an agency's part."""

from __future__ import annotations

from bot.domain.case.entities import Ask, Meeting, Seat, SeatEnd, SeatRole
from bot.domain.deputies import waits_to_take_over
from bot.domain.directory.entities import Agency
from bot.usecases.notifications import question_mark
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, Scene, escape
from handlers.blocks.elements import actions, button, lines, section, sections
from handlers.blocks.formatting import short_message
from handlers.slack.ids import ActionId


def acknowledgement(scene: Scene) -> Message | None:
    """To a contact or deputy: confirm taushetsplikt for this case, or pass it on. Subject: the seat."""
    seat = _own_seat(scene)
    if seat is None or seat.role is SeatRole.COORDINATOR or not scene.file.open:
        return None
    waits = seat.live and not seat.confirmed
    if waits and scene.intent.mark != question_mark(scene.file, seat):
        return None
    if seat.end is SeatEnd.PASSED_ON:
        thanks = scene.words("acknowledgement.passed-on")
        return Message(thanks, [section(thanks)])
    if seat.end is SeatEnd.COLLEAGUE_ANSWERED:
        return _answered_by_colleague(scene, seat)
    if not may_be_asked(scene, seat):
        return None
    if seat.acknowledged_at is not None:
        return _done(scene, seat, "acknowledgement.done")
    return Message(scene.words("acknowledgement.notice"), question(scene, seat))


def successor_unconfirmed(scene: Scene) -> Message | None:
    """To whoever is to take a seat over: it is still waited for. Subject: the new seat."""
    seat = _own_seat(scene)
    if seat is None or not waits_to_take_over(scene.file, seat) or not may_be_asked(scene, seat):
        return None
    waits = scene.words(
        "handover.remind",
        team=formatting.team(scene),
        coordinator=formatting.coordinator(scene),
        agency=scene.agency(scene.file.agency_of(seat.involvement_id or "")),
    )
    statement = sections(lines(scene.words("acknowledgement.statement-title"), _statement(scene)))
    return Message(
        scene.words("reminder.unanswered-short"), [section(waits), *statement, buttons(scene, seat)]
    )


def _answered_by_colleague(scene: Scene, seat: Seat) -> Message | None:
    """That nothing is left to do; no longer once the person is asked anew, or the agency's part is over."""
    file = scene.file
    part = formatting.involvement_of(scene, seat.involvement_id)
    asked_anew = any(s.involvement_id == seat.involvement_id for s in file.seats_of(seat.person_id))
    if part is None or part.ended_at is not None or asked_anew:
        return None
    if not file.reached_directly(seat.person_id, part.id):
        return None
    text = scene.words("acknowledgement.colleague-answered", team=formatting.team(scene))
    return Message(text, [section(text)])


def case_acknowledgement(scene: Scene) -> Message | None:
    """To another coordinator of the team: the same with one tap. Subject: the coordinator's seat."""
    seat = _own_seat(scene)
    if seat is None or not may_be_asked(scene, seat) or seat.role is not SeatRole.COORDINATOR:
        return None
    if seat.acknowledged_at is not None:
        return _done(scene, seat, "case-acknowledgement.done")
    return Message(scene.words("case-acknowledgement.notice"), question(scene, seat))


def _own_seat(scene: Scene) -> Seat | None:
    seat = scene.file.seat(scene.intent.subject)
    is_theirs = seat is not None and scene.recipient is not None and seat.person_id == scene.recipient.id
    return seat if is_theirs else None


def may_be_asked(scene: Scene, seat: Seat) -> bool:
    """Whether the seat stands, and the bot may write to its person about it."""
    file = scene.file
    if not file.open or not seat.live or not file.on_slack(seat.person_id):
        return False
    if seat.role is SeatRole.COORDINATOR:
        return file.coordinates(seat.person_id)
    if seat.role is SeatRole.LIAISON:
        return True
    involvement = formatting.involvement_of(scene, seat.involvement_id)
    return (
        involvement is not None
        and involvement.ended_at is None
        and file.reached_directly(seat.person_id, involvement.id)
    )


def question(scene: Scene, seat: Seat) -> list[Block]:
    """The whole question with its buttons; `may_be_asked` has been asked before."""
    if seat.role is SeatRole.LIAISON:
        return liaison_question(scene, seat, _statement(scene))
    if seat.role is SeatRole.COORDINATOR or seat.involvement_id is None:
        return _coordinators_question(scene, seat)
    words, agency = scene.words, scene.file.agency_of(seat.involvement_id)
    ask = ask_of(scene, seat)
    return [
        section(_who(scene, seat, agency)),
        section(_when(scene, seat, ask)),
        *sections(lines(words("acknowledgement.statement-title"), _statement(scene))),
        section(
            words("acknowledgement.then" if _meeting(scene, seat, ask) else "acknowledgement.then-no-meeting")
        ),
        buttons(scene, seat),
    ]


def _coordinators_question(scene: Scene, seat: Seat) -> list[Block]:
    opener = formatting.mention(scene.file, scene.file.case.opened_by) or formatting.coordinator(scene)
    when = scene.words.when(scene.file.case.opened_at, scene.zone)
    ask = scene.words("case-acknowledgement.ask", team=formatting.team(scene), coordinator=opener, when=when)
    confirm = button(scene.words("press.acknowledge"), ActionId.ACKNOWLEDGE, seat.id, primary=True)
    return [section(ask), actions(confirm)]


def buttons(scene: Scene, seat: Seat) -> Block:
    """«Jeg bekrefter taushetsplikten» and «Send videre»."""
    return actions(
        button(scene.words("press.acknowledge"), ActionId.ACKNOWLEDGE, seat.id, primary=True),
        button(scene.words("press.pass-on"), ActionId.PASS_ON, seat.id),
    )


def ask_of(scene: Scene, seat: Seat) -> Ask | None:
    """What the person is asked to come to first, for the agency of this seat."""
    file = scene.file
    asks = [
        (meeting.starts_at, ask.id, ask)
        for ask in file.asks
        if ask.live
        and ask.person_id == seat.person_id
        and file.duty(ask.duty_id).involvement_id == seat.involvement_id
        and (meeting := file.meeting(ask.meeting_id)).live
        and meeting.ends_at > scene.now
        and seat.meeting_id in (None, meeting.id)
    ]
    return min(asks)[2] if asks else None


def _who(scene: Scene, seat: Seat, agency: Agency) -> str:
    deputy = "deputy-" if seat.role is SeatRole.DEPUTY else ""
    asks = "handover-who" if seat.takes_over else f"{deputy}who"
    named = {
        "team": formatting.team(scene),
        "agency": scene.agency(agency),
        "coordinator": formatting.coordinator(scene),
    }
    return lines(
        scene.words(f"acknowledgement.{deputy}title", **named),
        scene.words(f"acknowledgement.{asks}", **named),
    )


def _when(scene: Scene, seat: Seat, ask: Ask | None) -> str:
    meeting = _meeting(scene, seat, ask)
    if meeting is None:
        missed = any(a.person_id == seat.person_id for a in scene.file.asks)
        return scene.words("acknowledgement.no-new-meeting" if missed else "acknowledgement.no-meeting")
    due = None
    if ask is not None and ask.open:
        key = "acknowledgement.due" if ask.window_ends_at > scene.now else "summons.overdue"
        due = scene.words(key, due=scene.words.when(ask.window_ends_at, scene.zone))
    moved = scene.words("acknowledgement.moved") if ask is not None and ask.asked_anew else None
    return lines(moved, formatting.occasion(scene, meeting, confirmed=False), due)


def _meeting(scene: Scene, seat: Seat, ask: Ask | None) -> Meeting | None:
    meeting_id = ask.meeting_id if ask is not None else seat.meeting_id
    if meeting_id is None and seat.takes_over:
        return scene.file.next_meeting(scene.now)
    return formatting.meeting_of(scene, meeting_id) if meeting_id else None


def _statement(scene: Scene) -> str:
    own = dict(scene.file.team.rules.statement).get(scene.words.language, "").strip()
    return escape(own) if own else scene.words("acknowledgement.statement")


def _done(scene: Scene, seat: Seat, key: str) -> Message:
    at = seat.acknowledged_at or scene.now
    named = {"when": scene.words.when(at, scene.zone), "code": formatting.code(scene)}
    done = scene.words(key, **named)
    room = formatting.room(scene, seat.person_id)
    way = scene.words("said.room", room=room) if room else scene.words("acknowledgement.opens")
    return Message(done, [section(lines(done, way))])


def liaison_question(scene: Scene, seat: Seat, statement: str) -> list[Block]:
    """To the liaison: confirm taushetsplikt for this case. There is nobody to pass it on to."""
    words = scene.words
    liaison = next((x for x in scene.file.liaisons if x.seat_id == seat.id), None)
    if liaison is None:
        return []
    named = {
        "team": formatting.team(scene),
        "coordinator": formatting.coordinator(scene),
        "day": words.day(liaison.until),
    }
    return [
        section(lines(words("liaison.ask-title", **named), words("liaison.ask", **named))),
        *sections(lines(words("acknowledgement.statement-title"), statement)),
        section(words("liaison.ask-then")),
        actions(button(words("press.acknowledge"), ActionId.ACKNOWLEDGE, seat.id, primary=True)),
    ]


def part_over(scene: Scene) -> Message | None:
    """To somebody whose part is over: neutral, for the case is no longer theirs. Subject: the involvement."""
    file, reader = scene.file, scene.recipient
    involvement = formatting.involvement_of(scene, scene.intent.subject)
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
    named = {"team": formatting.team(scene), "coordinator": formatting.coordinator(scene)}
    if key == "notice.part-over":
        named["calendar"] = _calendar_of_part(scene, reader.id, seats)
    return short_message(scene.words("notice.part-over-short"), scene.words(key, **named))


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
    key = "entry.by-mail" if formatting.told_by_mail(file, reader) else "entry.part-by-hand"
    return f" {scene.words(key)}"


def agency_left(scene: Scene) -> Message | None:
    """To the room: that an agency's part is over, and no more. Subject: the involvement."""
    involvement = formatting.involvement_of(scene, scene.intent.subject)
    if involvement is None or involvement.ended_at is None or scene.recipient is not None:
        return None
    agency = scene.agency(scene.file.agency_of(involvement.id))
    return short_message(
        scene.words("notice.agency-left-short"), scene.words("notice.agency-left", agency=agency)
    )


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
    return short_message(
        scene.words("notice.seat-left-short"),
        scene.words("notice.seat-left", code=formatting.code(scene)),
        actions(
            button(scene.words("press.left-stays"), ActionId.LEFT_STAYS, seat.id),
            button(scene.words("press.left-over"), ActionId.LEFT_OVER, seat.id),
        ),
    )
