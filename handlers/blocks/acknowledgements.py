"""The question of taushetsplikt, and what becomes of it.

Until it is confirmed the text has the agency's role, the meeting's time and place and the coordinator:
no code, no persons, no reason, no agenda, no other agency.
"""

from __future__ import annotations

from bot.domain.case import Ask, Meeting, Seat, SeatEnd, SeatRole
from bot.domain.deputy_plan import waits_to_take_over
from bot.domain.directory import Agency
from bot.usecases.consequences import question_mark
from handlers.blocks import phrases
from handlers.blocks.elements import actions, button, lines, section, sections
from handlers.blocks.liaisons import liaison_question
from handlers.blocks.scene import Block, Message, Scene, escape
from handlers.ids import ActionId


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
        team=phrases.team(scene),
        coordinator=phrases.coordinator(scene),
        agency=scene.agency(scene.file.agency_of(seat.involvement_id or "")),
    )
    statement = sections(lines(scene.words("acknowledgement.statement-title"), _statement(scene)))
    return Message(
        scene.words("reminder.unanswered-short"), [section(waits), *statement, buttons(scene, seat)]
    )


def _answered_by_colleague(scene: Scene, seat: Seat) -> Message | None:
    """That nothing is left to do; no longer once the person is asked anew, or the agency's part is over."""
    file = scene.file
    part = phrases.involvement_of(scene, seat.involvement_id)
    asked_anew = any(s.involvement_id == seat.involvement_id for s in file.seats_of(seat.person_id))
    if part is None or part.ended_at is not None or asked_anew:
        return None
    if not file.reached_directly(seat.person_id, part.id):
        return None
    text = scene.words("acknowledgement.colleague-answered", team=phrases.team(scene))
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
    involvement = phrases.involvement_of(scene, seat.involvement_id)
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
    opener = phrases.mention(scene.file, scene.file.case.opened_by) or phrases.coordinator(scene)
    when = scene.words.when(scene.file.case.opened_at, scene.zone)
    ask = scene.words("case-acknowledgement.ask", team=phrases.team(scene), coordinator=opener, when=when)
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
        "team": phrases.team(scene),
        "agency": scene.agency(agency),
        "coordinator": phrases.coordinator(scene),
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
    return lines(moved, phrases.occasion(scene, meeting, confirmed=False), due)


def _meeting(scene: Scene, seat: Seat, ask: Ask | None) -> Meeting | None:
    meeting_id = ask.meeting_id if ask is not None else seat.meeting_id
    if meeting_id is None and seat.takes_over:
        return scene.file.next_meeting(scene.now)
    return phrases.meeting_of(scene, meeting_id) if meeting_id else None


def _statement(scene: Scene) -> str:
    own = dict(scene.file.team.rules.statement).get(scene.words.language, "").strip()
    return escape(own) if own else scene.words("acknowledgement.statement")


def _done(scene: Scene, seat: Seat, key: str) -> Message:
    at = seat.acknowledged_at or scene.now
    named = {"when": scene.words.when(at, scene.zone), "code": phrases.code(scene)}
    done = scene.words(key, **named)
    room = phrases.room(scene, seat.person_id)
    way = scene.words("said.room", room=room) if room else scene.words("acknowledgement.opens")
    return Message(done, [section(lines(done, way))])
