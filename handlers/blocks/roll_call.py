"""The meeting as it is held: the roll call with the agenda in the room, and the question to its chair."""

from __future__ import annotations

from bot.domain import roll_call as held
from bot.domain.case import Meeting
from bot.domain.duty import Arrival
from handlers.blocks import agenda, phrases
from handlers.blocks.elements import actions, bullets, button, choose, context, lines, section
from handlers.blocks.quorum import lacking
from handlers.blocks.scene import Block, Message, Scene
from handlers.ids import ActionId

#: Points with a row of their own; the rest of the roll call takes ten of a message's 50 blocks.
MOST_POINTS = 36


def roll_call(scene: Scene) -> Message | None:
    """To the room, from the meeting's start until it is registered. Subject: the meeting."""
    meeting = _held(scene)
    if meeting is None or scene.recipient is not None:
        return None
    words = scene.words
    chair = phrases.mention(scene.file, held.chair_of(scene.file, meeting)) or words("said.coordinator")
    blocks = [
        section(
            lines(
                words("roll-call.title", when=phrases.span(scene, meeting)),
                words("roll-call.chair", person=chair),
            )
        ),
        section(_present(scene, meeting)),
        section(lines(_absent(scene, meeting), _enough(scene, meeting))),
        _buttons(scene, meeting),
        *_agenda(scene, meeting),
        context(words("roll-call.no-substance")),
    ]
    return Message(words("roll-call.notice"), blocks)


def _held(scene: Scene) -> Meeting | None:
    """The meeting, if it has begun, is not registered, and has not been moved since."""
    meeting = phrases.meeting_of(scene, scene.intent.subject)
    if meeting is None or not scene.file.open or not meeting.live or meeting.starts_at > scene.now:
        return None
    return meeting if scene.intent.mark == str(meeting.sequence) else None


def _present(scene: Scene, meeting: Meeting) -> str:
    arrivals = held.arrivals_of(scene.file, meeting)
    if not arrivals:
        return scene.words("roll-call.nobody-yet")
    said = [_arrival(scene, meeting, a) for a in arrivals]
    return scene.words("roll-call.present", lines=bullets(said, most=2700))


def _arrival(scene: Scene, meeting: Meeting, arrival: Arrival) -> str:
    words, file = scene.words, scene.file
    late = "-late" if held.is_late(file, meeting, arrival) else ""
    at = words.clock(arrival.at, scene.zone)
    if arrival.duty_id is None:
        person = phrases.mention(file, arrival.person_id) or words("person.unknown")
        return words(f"roll-call.arrival{late}", who=person, at=at)
    agency = file.agency_of(file.duty(arrival.duty_id).involvement_id)
    mentioned = phrases.mention(file, arrival.person_id) if not agency.reached_by_coordinator else None
    name = scene.agency(agency)
    who = words("roll-call.of-agency", agency=name, person=mentioned) if mentioned else name
    return words(f"roll-call.arrival{late}", who=who, at=at)


def _absent(scene: Scene, meeting: Meeting) -> str:
    absent = held.absent_duties(scene.file, meeting)
    if not absent:
        return scene.words("roll-call.all-there" if scene.file.duties_of(meeting.id) else "roll-call.no-duty")
    names = sorted(scene.agency(scene.file.agency_of(d.involvement_id)) for d in absent)
    return scene.words("roll-call.absent", lines=bullets(names, most=2000))


def _enough(scene: Scene, meeting: Meeting) -> str | None:
    words, file = scene.words, scene.file
    if not file.duties_of(meeting.id):
        return None
    if meeting.quorum_reason is not None:
        at = words.clock(meeting.quorum_at or scene.now, scene.zone)
        reason = agenda.quorum_reason(words, meeting.quorum_reason)
        return words("roll-call.goes-on", at=at, reason=reason)
    lack = held.lack_now(file, meeting)
    return words("roll-call.enough") if lack is None else lacking(words, lack)


def _buttons(scene: Scene, meeting: Meeting) -> Block:
    words, elements = scene.words, []
    if meeting.ends_at > scene.now:
        elements.append(button(words("press.arrive"), ActionId.ARRIVE, meeting.id, primary=True))
        if held.absent_duties(scene.file, meeting):
            elements.append(button(words("press.record-arrivals"), ActionId.RECORD_ARRIVALS, meeting.id))
    elements.append(button(words("press.attendance"), ActionId.ATTENDANCE, meeting.id))
    elements.append(button(words("press.chair"), ActionId.CHAIR, meeting.id))
    return actions(*elements)


def _agenda(scene: Scene, meeting: Meeting) -> list[Block]:
    words, done = scene.words, set(held.treated(scene.file, meeting))
    points = scene.file.team.rules.agenda[:MOST_POINTS]
    if not points:
        return []
    rows = [section(words("roll-call.agenda"))]
    for point in points:
        treated = point in done
        value = f"{meeting.id}|{'off' if treated else 'on'}|{agenda.point_id(point)}"
        label = words("press.untick" if treated else "press.tick")
        text = words(f"roll-call.point{'-treated' if treated else ''}", point=agenda.shown(words, point))
        rows.append(section(text, accessory=button(label, ActionId.TICK, value)))
    return rows


def quorum(scene: Scene) -> Message | None:
    """To the chair, while too few are there: go on with a reason, or set a new date. Subject: the meeting."""
    meeting = _held(scene)
    if meeting is None or scene.recipient is None:
        return None
    file, words = scene.file, scene.words
    if held.chair_of(file, meeting) != scene.recipient.id or not held.asks_chair(file, meeting, scene.now):
        return None
    lack = held.lack_now(file, meeting)
    if lack is None:
        return None
    dates = held.new_dates(file, meeting, scene.now)
    offered = [(words.short(at, scene.zone), f"{meeting.id}|{int(at.timestamp())}") for at in dates]
    text = lines(
        words("quorum.title", code=phrases.code(scene), when=phrases.when(scene, meeting)),
        lacking(words, lack),
        words("quorum.ask"),
    )
    proposals = bullets([words.when(at, scene.zone) for at in dates[:3]])
    blocks = [
        section(text),
        actions(button(words("press.go-on"), ActionId.GO_ON, meeting.id, primary=True)),
        section(words.count("quorum.new-date", file.team.rules.new_date_within_days, dates=proposals)),
        actions(choose(ActionId.POSTPONE, words("press.postpone"), offered)),
    ]
    return Message(words("quorum.notice"), blocks)
