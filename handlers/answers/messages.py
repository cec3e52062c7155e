"""The summons and its answer, and everything that waits for one person."""

from __future__ import annotations

from bot.domain.calendar.entry import is_tentative
from bot.domain.case.entities import Answer, Ask, Meeting
from bot.domain.case.file import CaseFile
from bot.domain.deputies import to_be_rung
from bot.domain.directory.entities import Agency
from handlers.blocks import formatting
from handlers.blocks.context import Block, Message, Scene, escape
from handlers.blocks.elements import actions, button, context, lines, section
from handlers.blocks.formatting import short_message
from handlers.involvement import messages as involvement_messages
from handlers.slack.ids import ActionId, as_asked

#: How much of what waits is shown in one message of 50 blocks; Home has the rest.
MOST_BLOCKS = 46


def summons(scene: Scene) -> Message | None:
    """«Innkalling» to the person of an ask. Subject: the ask; the mark is its sequence."""
    ask = own_ask(scene)
    if ask is None:
        return _answered_by_colleague(scene)
    if scene.intent.mark != str(ask.sequence):
        return None
    key = "notice.meeting-moved-short" if ask.asked_anew else "summons.notice"
    notice = scene.words(key, when=formatting.when(scene, scene.file.meeting(ask.meeting_id)))
    return Message(notice, summoned(scene, ask))


def _answered_by_colleague(scene: Scene) -> Message | None:
    """To one who was asked with others of the agency, of whom one has answered: nothing is left to do."""
    file, reader = scene.file, scene.recipient
    ask = file.ask(scene.intent.subject)
    if ask is None or reader is None or ask.person_id != reader.id or ask.overtaken_by is None:
        return None
    meeting, duty = file.meeting(ask.meeting_id), file.duty(ask.duty_id)
    asked_anew = any(a.person_id == reader.id for a in file.asks_of(duty.id))
    may_read = file.reached_directly(reader.id, duty.involvement_id) and not file.awaits_confidentiality(ask)
    stands = file.open and meeting.live and meeting.sequence == ask.sequence and duty.withdrawn_at is None
    if asked_anew or not may_read or not stands or scene.intent.mark != str(ask.sequence):
        return None
    named = {"agency": scene.agency(file.agency_of_ask(ask)), "when": formatting.when(scene, meeting)}
    text = scene.words("escalation.colleague-answered", **named)
    return Message(scene.words("escalation.answered-short"), [section(text)])


def own_ask(scene: Scene) -> Ask | None:
    """The ask that the intent is about, if it is the reader's and they may see what it is about now."""
    ask = scene.file.ask(scene.intent.subject)
    is_theirs = ask is not None and scene.recipient is not None and ask.person_id == scene.recipient.id
    return ask if ask is not None and is_theirs and may_see(scene, ask) else None


def may_see(scene: Scene, ask: Ask) -> bool:
    """Whether the ask stands, its person has confirmed taushetsplikt, and the bot may write to them."""
    file = scene.file
    return (
        stands(scene, ask)
        and not file.awaits_confidentiality(ask)
        and file.reached_directly(ask.person_id, file.duty(ask.duty_id).involvement_id)
    )


def stands(scene: Scene, ask: Ask) -> bool:
    """Whether anybody is still waiting for this person at that meeting."""
    file = scene.file
    duty = file.duty(ask.duty_id)
    return (
        file.open
        and ask.live
        and not ask.awaits_approval
        and duty.withdrawn_at is None
        and file.involvement(duty.involvement_id).ended_at is None
        and file.meeting(ask.meeting_id).live
    )


def summoned(scene: Scene, ask: Ask) -> list[Block]:
    """The summons with where it stands and its buttons; `may_see` has been asked before."""
    meeting = scene.file.meeting(ask.meeting_id)
    deputy = "deputy-" if ask.deputy_for is not None else ""
    agency = scene.agency(scene.file.agency_of_ask(ask))
    blocks = [
        section(
            lines(
                scene.words(f"summons.{deputy}title", code=formatting.code(scene)),
                _moved(scene, ask),
                scene.words(f"summons.{deputy}duty", agency=agency),
            )
        ),
        section(lines(formatting.occasion(scene, meeting), formatting.agenda(scene, meeting))),
    ]
    return [*blocks, *answering(scene, ask, meeting)]


def _moved(scene: Scene, ask: Ask) -> str | None:
    if not ask.asked_anew:
        return None
    return scene.words("summons.moved" if ask.answer is None else "summons.moved-answered")


def answering(scene: Scene, ask: Ask, meeting: Meeting) -> list[Block]:
    """Where the answer stands, how long it can be changed, and the buttons until the meeting begins."""
    begun = meeting.starts_at <= scene.now
    limit = "summons.begun" if begun else "summons.changeable"
    status = section(lines(_status(scene, ask, begun=begun), scene.words(limit)))
    return [status] if begun else [status, _buttons(scene, ask)]


def _status(scene: Scene, ask: Ask, *, begun: bool) -> str | None:
    if ask.answer is None:
        tentative = is_tentative(scene.file, ask)
        said = scene.words("calendar-answer.status") if tentative else None
        return None if begun else lines(said, _due(scene, ask))
    words = scene.words
    at = words.when(ask.answered_at or ask.asked_at, scene.zone)
    recorded = _recorded(scene, ask)
    if ask.answer is Answer.CONFIRMED:
        return lines(words("summons.confirmed", when=at), recorded)
    reason = formatting.reason(words, ask)
    return lines(words("summons.declined", when=at, reason=reason), recorded, _deputies(scene, ask))


def _due(scene: Scene, ask: Ask) -> str:
    key = "summons.due" if ask.window_ends_at > scene.now else "summons.overdue"
    return scene.words(key, due=scene.words.when(ask.window_ends_at, scene.zone))


def _recorded(scene: Scene, ask: Ask) -> str | None:
    if ask.answered_by in (None, ask.person_id):
        return None
    by = formatting.mention(scene.file, ask.answered_by) or scene.words("said.coordinator")
    return scene.words("summons.recorded", coordinator=by)


def deputies_of(file: CaseFile, ask: Ask) -> list[Ask]:
    """Those who are asked to stand in for the person of an ask."""
    return [a for a in file.asks_of(ask.duty_id) if a.deputy_for == ask.id]


def _deputies(scene: Scene, ask: Ask) -> str:
    found = deputies_of(scene.file, ask)
    if not found:
        return scene.words("summons.no-deputy")
    return lines(*(_deputy(scene, each) for each in found))


def _deputy(scene: Scene, ask: Ask) -> str:
    if ask.awaits_approval:
        return scene.words("summons.deputy-waits", person=formatting.asked_one(scene, ask))
    waits = "unasked" if to_be_rung(scene.file, ask) else "asked"
    state = {Answer.CONFIRMED: "confirmed", Answer.DECLINED: "declined", None: waits}[ask.answer]
    return scene.words(f"summons.deputy-{state}", person=formatting.asked_one(scene, ask))


def _buttons(scene: Scene, ask: Ask) -> Block:
    words = scene.words
    confirm, decline, asked = ActionId.CONFIRM, ActionId.DECLINE, as_asked(ask.id, ask.sequence)
    if ask.answer is Answer.CONFIRMED:
        return actions(button(words("press.decline"), decline, asked))
    if ask.answer is Answer.DECLINED:
        other = "press.other-deputy" if deputies_of(scene.file, ask) else "press.send-deputy"
        return actions(
            button(words("press.come-anyway"), confirm, asked), button(words(other), decline, asked)
        )
    return actions(
        button(words("press.confirm"), confirm, asked, primary=True),
        button(words("press.decline"), decline, asked),
    )


#: Rows of the list; a message takes 50 blocks.
MOST_ROWS = 46


def call_list(scene: Scene) -> Message | None:
    """To a coordinator: everyone who must be rung for a meeting, or has been. Subject: the meeting."""
    meeting = formatting.meeting_of(scene, scene.intent.subject)
    if meeting is None or not formatting.for_coordinator(scene):
        return None
    file = scene.file
    asks = [a for a in file.asks if a.meeting_id == meeting.id and stands(scene, a) and _is_called(scene, a)]
    if not asks:
        return None
    named = {"code": formatting.code(scene), "when": formatting.when(scene, meeting)}
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
    who = scene.words(key, agency=scene.agency(agency), person=formatting.asked_one(scene, ask))
    return section(lines(who, how_to_reach(scene, ask), _state(scene, ask)), accessory=record(scene, ask))


def how_to_reach(scene: Scene, ask: Ask) -> str:
    """The duty line, or, where there is none, the work mail; never a sheltering agency's mail."""
    return line_of(scene, scene.file.agency_of_ask(ask), ask.person_id)


def line_of(scene: Scene, agency: Agency, person_id: str | None) -> str:
    """The same for somebody of an agency, or for nobody in particular."""
    person = scene.file.persons.get(person_id) if person_id is not None else None
    if agency.duty_line or agency.reached_by_coordinator or person is None or not person.work_mail:
        return formatting.duty_line(scene, agency)
    return scene.words("said.mail", mail=escape(person.work_mail))


def _state(scene: Scene, ask: Ask) -> str:
    words = scene.words
    if ask.answer is Answer.CONFIRMED:
        return words("calls.confirmed")
    if ask.answer is Answer.DECLINED:
        return words("calls.declined", reason=formatting.reason(words, ask))
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
        seat = formatting.seat_to_confirm(scene, ask)
        if seat is None:
            return None
        return button(scene.words("press.record-acknowledgement"), ActionId.RECORD_ACKNOWLEDGEMENT, seat.id)
    label = "press.record-answer" if ask.answer is None else "press.change-answer"
    return button(scene.words(label), ActionId.RECORD_ANSWER, as_asked(ask.id, ask.sequence))


def declined_alone(scene: Scene) -> Message | None:
    """To a coordinator: a forfall without a deputy. Goes away when it is mended. Subject: the ask."""
    file = scene.file
    ask = file.ask(scene.intent.subject)
    if ask is None or not formatting.for_coordinator(scene) or not stands(scene, ask):
        return None
    if ask.answer is not Answer.DECLINED or deputies_of(file, ask):
        return None
    text = scene.words(
        "notice.declined-alone",
        agency=scene.agency(file.agency_of_ask(ask)),
        person=formatting.asked_one(scene, ask),
        code=formatting.code(scene),
        when=formatting.when(scene, file.meeting(ask.meeting_id)),
        reason=formatting.reason(scene.words, ask),
    )
    return short_message(scene.words("notice.declined-alone-short"), lines(text, how_to_reach(scene, ask)))


def unanswered(scene: Scene) -> Message | None:
    """To the one asked: friendly, how long is left and who is told then. Subject: the ask."""
    file, reader = scene.file, scene.recipient
    ask = file.ask(scene.intent.subject)
    if ask is None or reader is None or ask.person_id != reader.id:
        return None
    if scene.intent.mark != str(ask.sequence):
        return None
    meeting = file.meeting(ask.meeting_id)
    if not ask.open or not stands(scene, ask) or meeting.starts_at <= scene.now:
        return None
    blocks = _to_confirm(scene, ask) if file.awaits_confidentiality(ask) else _to_answer(scene, ask)
    return Message(scene.words("reminder.unanswered-short"), blocks) if blocks else None


def _over(scene: Scene, ask: Ask) -> str:
    return "-over" if ask.window_ends_at <= scene.now else ""


def _to_confirm(scene: Scene, ask: Ask) -> list[Block]:
    seat = formatting.seat_to_confirm(scene, ask)
    if seat is None or not involvement_messages.may_be_asked(scene, seat):
        return []
    text = scene.words(
        f"reminder.unconfirmed{_over(scene, ask)}",
        team=formatting.team(scene),
        agency=scene.agency(scene.file.agency_of_ask(ask)),
        coordinator=formatting.coordinator(scene),
        due=scene.words.when(ask.window_ends_at, scene.zone),
    )
    meeting = scene.file.meeting(ask.meeting_id)
    return [
        section(text),
        section(formatting.occasion(scene, meeting, confirmed=False)),
        section(scene.words("reminder.confidentiality-first")),
        involvement_messages.buttons(scene, seat),
    ]


def _to_answer(scene: Scene, ask: Ask) -> list[Block]:
    if not may_see(scene, ask):
        return []
    meeting = scene.file.meeting(ask.meeting_id)
    text = scene.words(
        f"reminder.unanswered{_over(scene, ask)}",
        code=formatting.code(scene),
        coordinator=formatting.coordinator(scene),
        due=scene.words.when(ask.window_ends_at, scene.zone),
    )
    agency = scene.agency(scene.file.agency_of_ask(ask))
    duty = scene.words("summons.duty" if ask.deputy_for is None else "summons.deputy-duty", agency=agency)
    return [
        section(lines(text, duty)),
        section(lines(formatting.occasion(scene, meeting), formatting.agenda(scene, meeting))),
        *answering(scene, ask, meeting)[1:],
    ]
