"""Those whom the bot cannot reach: somebody has to ring, and records what they say."""

from __future__ import annotations

from bot.domain.calendar_entry import is_tentative
from bot.domain.case import Answer, Ask
from bot.domain.directory import Agency
from handlers.blocks import phrases
from handlers.blocks.elements import button, context, lines, section
from handlers.blocks.scene import Block, Message, Scene, escape
from handlers.blocks.summons import stands
from handlers.ids import ActionId, as_asked

#: Rows of the list; a message takes 50 blocks.
MOST_ROWS = 46


def call_list(scene: Scene) -> Message | None:
    """To a coordinator: everyone who must be rung for a meeting, or has been. Subject: the meeting."""
    meeting = phrases.meeting_of(scene, scene.intent.subject)
    if meeting is None or not phrases.for_coordinator(scene):
        return None
    file = scene.file
    asks = [a for a in file.asks if a.meeting_id == meeting.id and stands(scene, a) and _is_called(scene, a)]
    if not asks:
        return None
    named = {"code": phrases.code(scene), "when": phrases.when(scene, meeting)}
    blocks = [section(lines(scene.words("calls.title", **named), scene.words("calls.how")))]
    blocks.extend(call(scene, ask) for ask in asks[:MOST_ROWS])
    if len(asks) > MOST_ROWS:
        blocks.append(context(scene.words.count("said.more", len(asks) - MOST_ROWS)))
    return Message(scene.words("calls.notice", when=named["when"]), blocks)


def _is_called(scene: Scene, ask: Ask) -> bool:
    reached = scene.file.reached_directly(ask.person_id, scene.file.duty(ask.duty_id).involvement_id)
    return not reached and (ask.open or ask.told_via is not None)


def call(scene: Scene, ask: Ask) -> Block:
    """One of them: who, the number, where it stands, and the button that records it."""
    agency = scene.file.agency_of_ask(ask)
    key = "calls.deputy" if ask.deputy_for is not None else "calls.who"
    who = scene.words(key, agency=scene.agency(agency), person=phrases.asked_one(scene, ask))
    return section(lines(who, how_to_reach(scene, ask), _state(scene, ask)), accessory=record(scene, ask))


def how_to_reach(scene: Scene, ask: Ask) -> str:
    """The duty line, or, where there is none, the work mail; never a sheltering agency's mail."""
    return line_of(scene, scene.file.agency_of_ask(ask), ask.person_id)


def line_of(scene: Scene, agency: Agency, person_id: str | None) -> str:
    """The same for somebody of an agency, or for nobody in particular."""
    person = scene.file.persons.get(person_id) if person_id is not None else None
    if agency.duty_line or agency.reached_by_coordinator or person is None or not person.work_mail:
        return phrases.duty_line(scene, agency)
    return scene.words("said.mail", mail=escape(person.work_mail))


def _state(scene: Scene, ask: Ask) -> str:
    words = scene.words
    if ask.answer is Answer.CONFIRMED:
        return words("calls.confirmed")
    if ask.answer is Answer.DECLINED:
        return words("calls.declined", reason=phrases.reason(words, ask))
    if scene.file.awaits_confidentiality(ask):
        return words("calls.confidentiality")
    if is_tentative(scene.file, ask):
        return words("calls.tentative")
    if ask.told_via is not None:
        at = words.when(ask.told_at or ask.asked_at, scene.zone)
        return words("calls.told", via=words(f"via.{ask.told_via}"), when=at)
    return words("calls.ring")


def record(scene: Scene, ask: Ask) -> Block | None:
    """The button with which the coordinator records taushetsplikt, and then the answer."""
    if scene.file.awaits_confidentiality(ask):
        seat = phrases.seat_to_confirm(scene, ask)
        if seat is None:
            return None
        return button(scene.words("press.record-acknowledgement"), ActionId.RECORD_ACKNOWLEDGEMENT, seat.id)
    label = "press.record-answer" if ask.answer is None else "press.change-answer"
    return button(scene.words(label), ActionId.RECORD_ANSWER, as_asked(ask.id, ask.sequence))
